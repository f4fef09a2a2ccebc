# macOS from 11.
set(CMAKE_SYSTEM_NAME Darwin)
set(CMAKE_OSX_DEPLOYMENT_TARGET "" CACHE STRING "Part of the compilers' target")
set(CMAKE_OSX_SYSROOT "" CACHE STRING "Zig brings it")
include(${CMAKE_CURRENT_LIST_DIR}/zig.cmake)
