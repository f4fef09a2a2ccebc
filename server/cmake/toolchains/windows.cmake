# Windows 10 from 1903.
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_EXE_LINKER_FLAGS_INIT -Wl,--gc-sections)
include(${CMAKE_CURRENT_LIST_DIR}/zig.cmake)
set(windows_flags "-D_WIN32_WINNT=0x0A00 -DWIN32_LEAN_AND_MEAN -DNOMINMAX -DUNICODE -D_UNICODE")
string(APPEND CMAKE_C_FLAGS_INIT " ${windows_flags}")
string(APPEND CMAKE_CXX_FLAGS_INIT " ${windows_flags}")
