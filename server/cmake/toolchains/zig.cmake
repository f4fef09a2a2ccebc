# What the toolchain files of this folder share: Zig's Clang, whose wrapper scripts for one target lie in AML_COMPILERS.

set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES AML_COMPILERS AML_PROCESSOR AML_PREFIX)
set(CMAKE_SYSTEM_PROCESSOR ${AML_PROCESSOR})
set(CMAKE_C_COMPILER ${AML_COMPILERS}/cc)
set(CMAKE_CXX_COMPILER ${AML_COMPILERS}/c++)
set(CMAKE_RC_COMPILER ${AML_COMPILERS}/rc)
set(CMAKE_AR ${AML_COMPILERS}/ar CACHE FILEPATH "")
set(CMAKE_RANLIB ${AML_COMPILERS}/ranlib CACHE FILEPATH "")
# Zig has a cache and a linker of its own.
set(AML_CCACHE OFF CACHE BOOL "")
set(AML_MOLD OFF CACHE BOOL "")
# Zig's Clang traps undefined behaviour in unoptimised code unless it is told not to.
set(CMAKE_C_FLAGS_INIT -fno-sanitize=undefined)
set(CMAKE_CXX_FLAGS_INIT -fno-sanitize=undefined)
# What nothing uses is left out of programs, function by function.
string(APPEND CMAKE_C_FLAGS_INIT " -ffunction-sections -fdata-sections")
string(APPEND CMAKE_CXX_FLAGS_INIT " -ffunction-sections -fdata-sections")
# Libraries are those that were built for this target; nothing of the machine is looked at.
set(CMAKE_PREFIX_PATH ${AML_PREFIX})
set(CMAKE_FIND_ROOT_PATH ${AML_PREFIX})
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(OPENSSL_USE_STATIC_LIBS ON)
