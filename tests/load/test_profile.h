// A profile of a test, which has no mistakes.
#ifndef PEAKEND_TESTS_LOAD_TEST_PROFILE_H_
#define PEAKEND_TESTS_LOAD_TEST_PROFILE_H_

#include <gtest/gtest.h>

#include <string_view>

#include "benchmarks/load/profile.h"

namespace peakend::load {

inline v1::LoadProfile TestProfile(std::string_view yaml) {
  auto profile = ReadProfile("test.yaml", yaml);
  EXPECT_TRUE(profile.ok()) << yaml;
  return profile.value();
}

}  // namespace peakend::load

#endif  // PEAKEND_TESTS_LOAD_TEST_PROFILE_H_
