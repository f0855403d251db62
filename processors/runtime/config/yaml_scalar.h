// Text as one YAML scalar that reads back as the same text.
#ifndef PEAKEND_PROCESSORS_RUNTIME_CONFIG_YAML_SCALAR_H_
#define PEAKEND_PROCESSORS_RUNTIME_CONFIG_YAML_SCALAR_H_

#include <string>
#include <string_view>

namespace peakend::runtime {

// Plain where that is safe in every YAML reader, else in double quotes.
std::string YamlText(std::string_view text);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_CONFIG_YAML_SCALAR_H_
