// What is wrong with a scenario file, said of its nodes.
//
// Thread-safety: none; lives while one file is read.
#ifndef PEAKEND_PROCESSORS_SCENARIOS_FILE_PROBLEMS_H_
#define PEAKEND_PROCESSORS_SCENARIOS_FILE_PROBLEMS_H_

#include <string>
#include <string_view>
#include <vector>

#include "processors/runtime/config/problems.h"
#include "processors/runtime/config/yaml_tree.h"

namespace peakend::scenarios {

class FileProblems {
 public:
  // `source` must outlive this object.
  explicit FileProblems(const runtime::SourceText& source);

  void Error(const runtime::YamlNode& at, runtime::Problem problem);
  // `key` is none of `known`: "unknown key", with the nearest of them.
  void UnknownKey(const runtime::YamlNode& key, const std::vector<std::string>& known);
  // The value of `name` is none of `known`.
  void UnknownWord(const std::string& name, const runtime::YamlNode& value,
                   const std::vector<std::string>& known);
  // `name` must be `form`, as in "a number".
  void WrongForm(const std::string& name, const std::string& form, const runtime::YamlNode& found);
  // True when `node` is of the kind; else that is said.
  bool Is(runtime::YamlNode::Kind kind, const std::string& name, const runtime::YamlNode& node);

  runtime::Problems& all() { return problems_; }

 private:
  const runtime::SourceText& source_;
  runtime::Problems problems_;
};

}  // namespace peakend::scenarios

#endif  // PEAKEND_PROCESSORS_SCENARIOS_FILE_PROBLEMS_H_
