# The build vocabulary: one call per target, explicit sources, minimal DEPS.
#
#   peakend_library(NAME ingest SRCS decoder.cc DEPS peakend_proto)  -> peakend_ingest
#   peakend_test(NAME decoder SRCS decoder_test.cc DEPS peakend_ingest [LABELS kafka])
#   peakend_benchmark(NAME decode SRCS decode_benchmark.cc DEPS peakend_ingest)
function(peakend_library)
  cmake_parse_arguments(ARG "" "NAME" "SRCS;DEPS" ${ARGN})
  add_library(peakend_${ARG_NAME} STATIC ${ARG_SRCS})
  target_link_libraries(peakend_${ARG_NAME} PUBLIC ${ARG_DEPS} PRIVATE peakend_options)
  target_include_directories(peakend_${ARG_NAME} PUBLIC ${CMAKE_SOURCE_DIR})
endfunction()

function(peakend_test)
  cmake_parse_arguments(ARG "" "NAME;TIMEOUT" "SRCS;DEPS;LABELS" ${ARGN})
  add_executable(${ARG_NAME}_test ${ARG_SRCS})
  target_link_libraries(${ARG_NAME}_test PRIVATE ${ARG_DEPS} peakend_options GTest::gtest GTest::gmock
                        GTest::gtest_main)
  add_test(NAME ${ARG_NAME} COMMAND ${ARG_NAME}_test WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  set_tests_properties(${ARG_NAME} PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "${ARG_LABELS}")
endfunction()

function(peakend_benchmark)
  cmake_parse_arguments(ARG "" "NAME" "SRCS;DEPS" ${ARGN})
  add_executable(${ARG_NAME}_benchmark ${ARG_SRCS})
  target_link_libraries(${ARG_NAME}_benchmark PRIVATE ${ARG_DEPS} peakend_options benchmark::benchmark
                        benchmark::benchmark_main)
endfunction()
