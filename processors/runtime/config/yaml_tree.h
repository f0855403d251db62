// YAML text as a bounded tree of plain values with places.
//
// Every bound is a problem with a place, never an exception: nesting, nodes and
// bytes after aliases are expanded. Keys are text and unique in their map.
#ifndef PEAKEND_PROCESSORS_RUNTIME_CONFIG_YAML_TREE_H_
#define PEAKEND_PROCESSORS_RUNTIME_CONFIG_YAML_TREE_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "processors/runtime/config/problems.h"
#include "processors/runtime/config/source_text.h"

namespace peakend::runtime {

inline constexpr size_t kMaxFileBytes = 5'000'000;
inline constexpr size_t kMaxYamlDepth = 32;
inline constexpr size_t kMaxYamlNodes = 100'000;
inline constexpr size_t kMaxYamlTextBytes = 2 * kMaxFileBytes;

struct YamlNode {
  enum class Kind { kNull, kScalar, kMap, kList };
  Kind kind = Kind::kNull;
  std::string text;     // of a scalar
  bool quoted = false;  // or a block: text, whatever it looks like
  int line = 1;
  int col = 1;  // in bytes
  // Of a map: keys[i] (a scalar) belongs to values[i]. Of a list: values alone.
  std::vector<YamlNode> keys;
  std::vector<YamlNode> values;
};

// "a map", "a list", "text", "nothing".
std::string DescribeKind(YamlNode::Kind kind);

// An empty file gives kNull. Nullopt = not even the form could be read; problems
// with single keys leave the rest readable.
std::optional<YamlNode> ParseYaml(const SourceText& source, Problems& problems);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_CONFIG_YAML_TREE_H_
