# Linux, with glibc or musl.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_EXE_LINKER_FLAGS_INIT -Wl,--gc-sections)
include(${CMAKE_CURRENT_LIST_DIR}/zig.cmake)
