# macOS from 11.
set(CMAKE_SYSTEM_NAME Darwin)
set(CMAKE_OSX_DEPLOYMENT_TARGET "" CACHE STRING "Part of the compilers' target")
set(CMAKE_OSX_SYSROOT "" CACHE STRING "Zig brings it")
set(CMAKE_EXE_LINKER_FLAGS_INIT -Wl,-dead_strip)
include(${CMAKE_CURRENT_LIST_DIR}/zig.cmake)
