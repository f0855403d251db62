# The build vocabulary: one call per target, explicit sources, minimal DEPS.
#
#   peakend_library(NAME ingest SRCS decoder.cc DEPS peakend_proto)  -> peakend_ingest
#   peakend_test(NAME decoder SRCS decoder_test.cc DEPS peakend_ingest [LABELS kafka])
#   peakend_benchmark(NAME decode SRCS decode_benchmark.cc DEPS peakend_ingest)

# What nearly every file reads anyway, parsed once for libraries and once for tests.
# g++ forgets which of it is the system's and warns of std::string: two warnings are
# off. The preset `dev` goes without, has them, and finds the include that a file forgot.
set(PEAKEND_PRECOMPILED_OPTIONS
    "$<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess;-Wno-array-bounds;-Wno-stringop-overflow>")
set(PEAKEND_SHARED_HEADERS
    <algorithm> <cstdint> <functional> <map> <memory> <optional> <string> <string_view> <tuple> <utility> <variant>
    <vector> <absl/container/flat_hash_map.h> <absl/container/flat_hash_set.h> <absl/status/statusor.h>
    <absl/strings/str_cat.h> <absl/time/time.h> <google/protobuf/arena.h> <google/protobuf/extension_set.h>
    <google/protobuf/generated_enum_reflection.h> <google/protobuf/generated_message_reflection.h>
    <google/protobuf/map.h> <google/protobuf/message.h> <google/protobuf/repeated_field.h>
    <google/protobuf/unknown_field_set.h>)

# Optimised less than what they test: half of a test's own code runs once.
set(PEAKEND_TEST_OPTIMISATION $<IF:$<CONFIG:Release>,-O1,-O0>)

# What leads a fuzzer to new paths is wanted in what it tries, and costs a quarter of
# the compiler's time.
set(PEAKEND_LIBRARY_OPTIONS $<$<BOOL:${PEAKEND_FUZZ}>:-fsanitize=fuzzer-no-link>)

function(peakend_precompiled NAME)
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/${NAME}.cc CONTENT "")
  add_library(${NAME} OBJECT ${CMAKE_BINARY_DIR}/${NAME}.cc)
  target_link_libraries(${NAME} PRIVATE peakend_options protobuf::libprotobuf absl::statusor)
  target_compile_options(${NAME} PRIVATE ${PEAKEND_PRECOMPILED_OPTIONS})
  target_precompile_headers(${NAME} PRIVATE ${PEAKEND_SHARED_HEADERS} ${ARGN})
endfunction()

function(peakend_precompile TARGET PRECOMPILED)
  if(PEAKEND_PRECOMPILE)
    target_compile_options(${TARGET} PRIVATE ${PEAKEND_PRECOMPILED_OPTIONS})
    target_precompile_headers(${TARGET} REUSE_FROM ${PRECOMPILED})
  endif()
endfunction()

if(PEAKEND_PRECOMPILE)
  peakend_precompiled(peakend_precompiled)
  target_compile_options(peakend_precompiled PRIVATE ${PEAKEND_LIBRARY_OPTIONS})
  peakend_precompiled(peakend_precompiled_test <gmock/gmock.h> <gtest/gtest.h>)
  target_link_libraries(peakend_precompiled_test PRIVATE GTest::gmock)
  target_compile_options(peakend_precompiled_test PRIVATE ${PEAKEND_TEST_OPTIMISATION})
endif()

# Up to 16 files are compiled as one, which reads their headers once.
function(peakend_compiled_together TARGET)
  if(PEAKEND_UNITY)
    set_target_properties(${TARGET} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 16)
    # g++ takes the anonymous namespace of a file that is included for a header's.
    target_compile_options(${TARGET} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
  endif()
endfunction()

# How a library is compiled, beside its own files and needs.
function(peakend_compiled_as_library TARGET)
  target_compile_options(${TARGET} PRIVATE ${PEAKEND_LIBRARY_OPTIONS})
  peakend_compiled_together(${TARGET})
  peakend_precompile(${TARGET} peakend_precompiled)
endfunction()

function(peakend_library)
  cmake_parse_arguments(ARG "" "NAME" "SRCS;DEPS" ${ARGN})
  add_library(peakend_${ARG_NAME} STATIC ${ARG_SRCS})
  target_link_libraries(peakend_${ARG_NAME} PUBLIC ${ARG_DEPS} PRIVATE peakend_options)
  target_include_directories(peakend_${ARG_NAME} PUBLIC ${CMAKE_SOURCE_DIR})
  peakend_compiled_as_library(peakend_${ARG_NAME})
endfunction()

function(peakend_test)
  cmake_parse_arguments(ARG "" "NAME;TIMEOUT" "SRCS;DEPS;LABELS" ${ARGN})
  add_executable(${ARG_NAME}_test ${ARG_SRCS})
  target_link_libraries(${ARG_NAME}_test PRIVATE ${ARG_DEPS} peakend_options GTest::gtest GTest::gmock
                        GTest::gtest_main)
  target_compile_options(${ARG_NAME}_test PRIVATE ${PEAKEND_TEST_OPTIMISATION})
  peakend_compiled_together(${ARG_NAME}_test)
  peakend_precompile(${ARG_NAME}_test peakend_precompiled_test)
  add_test(NAME ${ARG_NAME} COMMAND ${ARG_NAME}_test WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  # What may take long begins first, so that in the end no processor waits for it.
  set_tests_properties(${ARG_NAME} PROPERTIES TIMEOUT ${ARG_TIMEOUT} COST ${ARG_TIMEOUT} LABELS "${ARG_LABELS}")
  if("kafka" IN_LIST ARG_LABELS)
    # Brokers and clients have time-outs: one such test at a time, beside what only computes.
    set_tests_properties(${ARG_NAME} PROPERTIES RESOURCE_LOCK kafka)
  endif()
endfunction()

function(peakend_benchmark)
  cmake_parse_arguments(ARG "" "NAME" "SRCS;DEPS" ${ARGN})
  add_executable(${ARG_NAME}_benchmark ${ARG_SRCS})
  target_link_libraries(${ARG_NAME}_benchmark PRIVATE ${ARG_DEPS} peakend_options benchmark::benchmark
                        benchmark::benchmark_main)
  peakend_precompile(${ARG_NAME}_benchmark peakend_precompiled)
endfunction()
