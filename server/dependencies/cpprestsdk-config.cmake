find_package(OpenSSL REQUIRED)
find_package(Threads REQUIRED)
include(${CMAKE_CURRENT_LIST_DIR}/cpprestsdk-targets.cmake)
target_compile_options(cpprestsdk::cpprest INTERFACE "SHELL:-include ${CMAKE_CURRENT_LIST_DIR}/cpprest_prelude.hpp")
