# Against a real schema registry, which it starts itself; read by a client of others.
add_executable(framed_rows framed_rows.cc)
target_link_libraries(framed_rows PRIVATE peakend_schema_registry peakend_options)
peakend_precompile(framed_rows peakend_precompiled)
find_program(DISTRIBUTION_PYTHON3 python3 PATHS /usr/bin NO_DEFAULT_PATH REQUIRED)
add_test(NAME warehouse_registry
         COMMAND ${DISTRIBUTION_PYTHON3} -B ${CMAKE_CURRENT_LIST_DIR}/with_packages.py
                 ${CMAKE_CURRENT_LIST_DIR}/registry_test.py $<TARGET_FILE:framed_rows>
                 $<TARGET_FILE:protobuf::protoc>)
# What it fetches the first time takes longer than the test.
set_tests_properties(warehouse_registry PROPERTIES TIMEOUT 600 COST 90 LABELS kafka)
