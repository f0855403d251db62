# How everything is compiled. Warnings are errors in our own code.
set(PEAKEND_SANITIZE "" CACHE STRING "address, thread or empty")
option(PEAKEND_FUZZ "Build the fuzz targets (clang and a sanitizer only)" OFF)
option(PEAKEND_BROKER_TESTS "Build the tests that need a broker" ON)
option(PEAKEND_BENCHMARKS "Build the benchmarks" ON)
option(PEAKEND_UNITY "Compile the files of a library together: a clean build is faster, a small change slower" OFF)
option(PEAKEND_PRECOMPILE "Precompile the headers that most files share" ON)
option(PEAKEND_COVERAGE "Instrument for gcov" OFF)
set(PEAKEND_LIBRDKAFKA_PREFIX "" CACHE PATH "Use librdkafka from this prefix instead of the system's")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
  # Without this ccache takes no file that has precompiled headers.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE_PROGRAM})
endif()

# Links in a quarter of the time, which counts for a hundred programs.
find_program(LLD_PROGRAM ld.lld)
if(LLD_PROGRAM)
  add_link_options(-fuse-ld=lld)
endif()

add_library(peakend_options INTERFACE)
# Fused multiply-add would make results depend on the processor. -Wrestrict of
# g++ 12 misreads std::string's operator+ (GCC bug 105651). librdkafka's macros are
# GNU statement expressions, of which clang warns where they are used.
target_compile_options(peakend_options INTERFACE -ffp-contract=off -Wall -Wextra -Wpedantic -Wshadow
                       -Wnon-virtual-dtor -Wno-unused-parameter $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
                       $<$<CXX_COMPILER_ID:Clang>:-Wno-gnu-statement-expression> -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION MATCHES "^13\\.")
  # g++ 13 takes the element of a temporary view for a temporary; 14 knows better.
  target_compile_options(peakend_options INTERFACE -Wno-dangling-reference)
endif()
target_include_directories(peakend_options INTERFACE ${CMAKE_SOURCE_DIR})

if(PEAKEND_SANITIZE STREQUAL "address")
  # The two checks that are left out take a fifth of the compiler's time: the engine has next to
  # no virtual functions, and sizes are not known where nothing is inlined.
  add_compile_options(-fsanitize=address,undefined -fno-sanitize=vptr,object-size -fno-sanitize-recover=all
                      -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
elseif(PEAKEND_SANITIZE STREQUAL "thread")
  add_compile_options(-fsanitize=thread -fno-omit-frame-pointer)
  # Where protobuf's map_field.h sees the sanitizer it lays maps out in another way than the
  # distribution's library, which was built without.
  add_compile_options(-U__SANITIZE_THREAD__)
  # Boost.Asio has fences, which the sanitizer doesn't see; its queues are locked as well.
  add_compile_options($<$<CXX_COMPILER_ID:GNU>:-Wno-tsan>)
  add_link_options(-fsanitize=thread)
  add_library(c11_threads OBJECT ${CMAKE_SOURCE_DIR}/tests/c11_threads.cc)
  target_sources(peakend_options INTERFACE $<TARGET_OBJECTS:c11_threads>)
endif()
if(PEAKEND_COVERAGE)
  add_compile_options(--coverage -O0)
  add_link_options(--coverage)
endif()
