// A complete configuration file that says what each field means, made from the
// (rule) options, so that it can't be out of date.
#ifndef PEAKEND_PROCESSORS_RUNTIME_CONFIG_EXAMPLE_H_
#define PEAKEND_PROCESSORS_RUNTIME_CONFIG_EXAMPLE_H_

#include <string>

namespace peakend::runtime {

// Loads without a problem and gives the defaults.
std::string ConfigExample();

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_CONFIG_EXAMPLE_H_
