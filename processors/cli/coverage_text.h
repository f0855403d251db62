// A policy's coverage by its scenarios, for people and for programs.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_CLI_COVERAGE_TEXT_H_
#define PEAKEND_PROCESSORS_CLI_COVERAGE_TEXT_H_

#include <string>

#include "boost/json/object.hpp"
#include "processors/scenarios/policy_coverage.h"

namespace peakend::cli {

// A line with the share, a table of rules, one of phrases and one of openings (each left out
// where the policy has none), and what is missing. Ends with a line feed.
std::string CoverageText(const scenarios::PolicyCoverage& coverage);

// {"policy", "covered", "total", "percent", "missing": [...]}
boost::json::object CoverageJson(const scenarios::PolicyCoverage& coverage);

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_COVERAGE_TEXT_H_
