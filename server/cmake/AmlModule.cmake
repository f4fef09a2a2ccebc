# Everything the project's CMake files share: dependencies, warnings, the precompiled header, aml_module().

option(AML_WARNINGS_AS_ERRORS "Treat warnings as errors" OFF)
option(AML_FUZZ "Build the libFuzzer targets (Clang only)" OFF)
option(AML_UNITY "Compile each module in batches of its sources: much faster, if all of it has to be compiled" OFF)
set(AML_TARGET "" CACHE STRING "The package that this is built for, such as linux-x64")
set(AML_SANITIZE "" CACHE STRING "Comma-separated sanitizers, e.g. address,undefined")

find_program(AML_CCACHE ccache)
if(AML_CCACHE)
    # The sloppiness lets ccache reuse objects that include the precompiled header.
    set(CMAKE_CXX_COMPILER_LAUNCHER
        ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
        CCACHE_NOHASHDIR=1 CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} ${AML_CCACHE})
endif()
find_program(AML_MOLD mold)

find_package(Boost 1.74 REQUIRED)
if(Boost_VERSION VERSION_GREATER_EQUAL 1.87)
    message(FATAL_ERROR "Boost ${Boost_VERSION} is too new: cpprestsdk needs boost::asio::io_service, removed in 1.87")
endif()
find_package(cpprestsdk REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(fmt 9 REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(Threads REQUIRED)

add_library(aml_warnings INTERFACE)
target_compile_features(aml_warnings INTERFACE cxx_std_20)
target_compile_options(aml_warnings INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor
    -Wold-style-cast -Woverloaded-virtual
    $<$<BOOL:${AML_WARNINGS_AS_ERRORS}>:-Werror>
    $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess;-Winvalid-pch>
    # Let GCC use a gigabyte before it looks for garbage, which it would do again and again for each object.
    $<$<CXX_COMPILER_ID:GNU>:--param=ggc-min-expand=100;--param=ggc-min-heapsize=1048576>
    # The translations are one long text.
    $<$<CXX_COMPILER_ID:Clang>:-Wno-overlength-strings>
    # GCC 12 takes Asio's own allocation of coroutine frames for a mismatch once it inlines it.
    $<$<AND:$<CXX_COMPILER_ID:GNU>,$<CONFIG:Release>>:-Wno-mismatched-new-delete>)
# With optimization GCC 12 warns of overflows and overlaps inside inlined standard library code that cannot happen.
target_compile_options(aml_warnings INTERFACE
    $<$<AND:$<CXX_COMPILER_ID:GNU>,$<CONFIG:Release>>:-Wno-array-bounds;-Wno-mismatched-new-delete;-Wno-restrict;-Wno-stringop-overflow;-Wno-maybe-uninitialized>)
if(AML_UNITY)
    # What is private to a source is then, for GCC, private to a file that is included.
    target_compile_options(aml_warnings INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
    # And for Clang a local name may hide what is private to another source.
    target_compile_options(aml_warnings INTERFACE $<$<CXX_COMPILER_ID:Clang>:-Wno-shadow>)
endif()
if(AML_SANITIZE)
    # Lines are all that a report needs; with the rest a build is several gigabytes larger and a fifth slower.
    target_compile_options(aml_warnings INTERFACE
        -fsanitize=${AML_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer -g1)
    target_link_options(aml_warnings INTERFACE -fsanitize=${AML_SANITIZE})
endif()
if(APPLE)
    # What a program lets others see, the linker for macOS keeps, used or not.
    target_compile_options(aml_warnings INTERFACE -fvisibility=hidden -fvisibility-inlines-hidden)
endif()
if(AML_MOLD AND NOT AML_SANITIZE)
    target_link_options(aml_warnings INTERFACE -fuse-ld=mold)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 15)
    # Clang 14 does not see coroutines in Boost 1.74 by itself.
    target_compile_definitions(aml_warnings INTERFACE
        BOOST_ASIO_HAS_CO_AWAIT=1 __cpp_impl_coroutine=201902L)
endif()

# The libraries every module may name, and the one precompiled header made of their headers.
add_library(aml_base INTERFACE)
target_include_directories(aml_base INTERFACE ${PROJECT_SOURCE_DIR}/server/common ${PROJECT_SOURCE_DIR}/server/aml)
target_link_libraries(aml_base INTERFACE aml_warnings Boost::headers nlohmann_json::nlohmann_json fmt::fmt Threads::Threads)
# Nothing uses Asio's timers of Boost.DateTime, and with them every source would compile parts of a calendar.
target_compile_definitions(aml_base INTERFACE BOOST_ASIO_SEPARATE_COMPILATION BOOST_ASIO_DISABLE_BOOST_DATE_TIME)

add_library(aml_compiled_once STATIC ${CMAKE_CURRENT_LIST_DIR}/compiled_once.cpp)
target_link_libraries(aml_compiled_once PUBLIC aml_base OpenSSL::SSL OpenSSL::Crypto)
if(WIN32)
    # cpprestsdk has Asio, too, and the linker for Windows takes two definitions of inline functions only.
    target_compile_definitions(aml_compiled_once PRIVATE "BOOST_ASIO_DECL=inline __attribute__((used, weak))")
    # With which Asio names its pipes.
    target_link_libraries(aml_compiled_once PUBLIC bcrypt)
endif()

add_library(aml_pch OBJECT ${CMAKE_CURRENT_LIST_DIR}/pch.cpp)
target_link_libraries(aml_pch PRIVATE aml_base)
target_precompile_headers(aml_pch PRIVATE ${CMAKE_CURRENT_LIST_DIR}/pch.hpp)

# The precompiled header, and batches where they are wanted: names private to a source are then private to its module.
function(aml_compile_quickly target)
    target_precompile_headers(${target} REUSE_FROM aml_pch)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ${AML_UNITY} UNITY_BUILD_BATCH_SIZE 16)
endfunction()

# aml_add_system_sources(<target> <folder>)
# What the systems do each in its own way: one folder for each family; those of POSIX differ a little among themselves.
function(aml_add_system_sources target folder)
    if(WIN32)
        set(systems windows)
    elseif(APPLE)
        set(systems posix macos)
    else()
        set(systems posix linux)
    endif()
    foreach(system IN LISTS systems)
        file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/${system}/*.cpp)
        target_sources(${target} PRIVATE ${sources})
    endforeach()
endfunction()

# aml_module(<name> DEPS <module>... LIBS <imported target>...)
# Makes the static library aml_<name> from every source in the folder of its name.
function(aml_module name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "DEPS;LIBS")
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp)
    list(TRANSFORM arg_DEPS PREPEND aml_)
    add_library(aml_${name} STATIC ${sources})
    set_target_properties(aml_${name} PROPERTIES LINKER_LANGUAGE CXX)
    target_link_libraries(aml_${name} PUBLIC aml_base aml_compiled_once ${arg_DEPS} PRIVATE ${arg_LIBS})
    aml_compile_quickly(aml_${name})
endfunction()

# aml_program(<name> <library>...)
# Makes the program <name> of main.cpp in this folder; one that goes into a package carries no symbols.
function(aml_program name)
    add_executable(${name} main.cpp)
    target_link_libraries(${name} PRIVATE ${ARGN})
    target_precompile_headers(${name} REUSE_FROM aml_pch)
    target_compile_definitions(${name} PRIVATE AML_VERSION="${PROJECT_VERSION}")
    if(AML_TARGET)
        target_link_options(${name} PRIVATE -s)
    endif()
    aml_add_manifest(${name})
endfunction()

# aml_add_manifest(<program>)
# Windows reads of it that all narrow text is UTF-8, and that paths may be long.
function(aml_add_manifest name)
    if(WIN32)
        target_link_options(${name} PRIVATE ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/windows/program.rc)
    endif()
endfunction()
