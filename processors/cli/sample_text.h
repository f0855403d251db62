// What there is to say of a sample of rated journeys, before any figure is believed.
//
// Thread-safety: pure functions.
#ifndef PEAKEND_PROCESSORS_CLI_SAMPLE_TEXT_H_
#define PEAKEND_PROCESSORS_CLI_SAMPLE_TEXT_H_

#include <boost/json/object.hpp>
#include <string>

#include "processors/calibration/sample.h"

namespace peakend::cli {

// Lines for people: how many answered, and each finding with its figures.
std::string SampleText(const calibration::Sample& sample);

// {"journeys", "rated", ..., "findings": ["too_few", ...]}
boost::json::object SampleJson(const calibration::Sample& sample);

// "+0.012 (-0.003 to +0.027)"
std::string WithInterval(double value, const calibration::Interval& interval);

boost::json::object IntervalJson(const calibration::Interval& interval);

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_SAMPLE_TEXT_H_
