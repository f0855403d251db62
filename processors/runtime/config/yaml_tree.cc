#include "processors/runtime/config/yaml_tree.h"

#include <yaml-cpp/yaml.h>

#include <exception>
#include <map>
#include <sstream>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "processors/runtime/config/open_quote.h"
#include "yaml-cpp/eventhandler.h"

namespace peakend::runtime {
namespace {

// Nodes and text bytes of a tree.
struct Weight {
  size_t nodes = 1;
  size_t bytes = 0;
};

// Builds the tree from yaml-cpp's events. After the first broken bound it only
// looks on.
class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(const SourceText& source, Problems& problems)
      : source_(source), problems_(problems) {}

  YamlNode TakeRoot() { return std::move(root_); }
  bool stopped() const { return stopped_; }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Leaf(mark, anchor, YamlNode());
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    CheckTag(mark, tag);
    CheckQuotes(mark);
    YamlNode node;
    node.kind = YamlNode::Kind::kScalar;
    node.text = value;
    node.quoted = tag == "!";
    Leaf(mark, anchor, std::move(node));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    CheckTag(mark, tag);
    Open(mark, anchor, YamlNode::Kind::kList);
  }
  void OnSequenceEnd() override { Close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    CheckTag(mark, tag);
    Open(mark, anchor, YamlNode::Kind::kMap);
  }
  void OnMapEnd() override { Close(); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;

 private:
  struct Frame {
    YamlNode node;
    YAML::anchor_t anchor = 0;
    Weight weight;
    std::map<std::string, int> key_lines;
    bool has_key = false;
    // The key was refused: its value is read and thrown away.
    bool drop_value = false;
    YamlNode key;
  };

  Origin Place(const YAML::Mark& mark) const {
    return {Origin::Kind::kFile, source_.name(), mark.line + 1, mark.column + 1};
  }
  Origin Place(const YamlNode& node) const {
    return {Origin::Kind::kFile, source_.name(), node.line, node.col};
  }
  void Stop(const Origin& where, Problem problem) {
    if (!stopped_) problems_.Error(where, std::move(problem));
    stopped_ = true;
  }
  void CheckTag(const YAML::Mark& mark, const std::string& tag);
  void CheckQuotes(const YAML::Mark& mark);
  void Leaf(const YAML::Mark& mark, YAML::anchor_t anchor, YamlNode node);
  void Open(const YAML::Mark& mark, YAML::anchor_t anchor, YamlNode::Kind kind);
  void Close();
  // Adds a finished node to its parent and to the totals.
  void Finish(YamlNode node, YAML::anchor_t anchor, Weight weight);
  void Attach(Frame& parent, YamlNode node);
  void TakeKey(Frame& parent, YamlNode node);

  const SourceText& source_;
  Problems& problems_;
  bool stopped_ = false;
  YamlNode root_;
  std::vector<Frame> open_;
  std::map<YAML::anchor_t, std::pair<YamlNode, Weight>> anchors_;
  Weight total_ = {0, 0};
};

void TreeBuilder::CheckTag(const YAML::Mark& mark, const std::string& tag) {
  if (stopped_ || tag.empty() || tag == "?" || tag == "!") return;
  problems_.Error(Place(mark), {"PE0004", "YAML tags are not supported", "leave the tag out"});
}

void TreeBuilder::CheckQuotes(const YAML::Mark& mark) {
  if (stopped_) return;
  if (QuoteStaysOpen(source_.text(), source_.OffsetOf(mark.line + 1, mark.column + 1))) {
    Stop(Place(mark), {"PE0004", "not valid YAML: this quote is never closed"});
  }
}

void TreeBuilder::Leaf(const YAML::Mark& mark, YAML::anchor_t anchor, YamlNode node) {
  if (stopped_) return;
  node.line = mark.line + 1;
  node.col = mark.column + 1;
  const Weight weight = {1, node.text.size()};
  total_.nodes += weight.nodes;
  total_.bytes += weight.bytes;
  Finish(std::move(node), anchor, weight);
}

void TreeBuilder::Open(const YAML::Mark& mark, YAML::anchor_t anchor, YamlNode::Kind kind) {
  if (stopped_) return;
  if (open_.size() >= kMaxYamlDepth) {
    Stop(Place(mark), {"PE0005", absl::StrCat("nested deeper than ", kMaxYamlDepth, " levels")});
    return;
  }
  Frame frame;
  frame.node.kind = kind;
  frame.node.line = mark.line + 1;
  frame.node.col = mark.column + 1;
  frame.anchor = anchor;
  ++total_.nodes;
  open_.push_back(std::move(frame));
}

void TreeBuilder::Close() {
  if (stopped_) return;
  Frame frame = std::move(open_.back());
  open_.pop_back();
  Finish(std::move(frame.node), frame.anchor, frame.weight);
}

void TreeBuilder::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
  if (stopped_) return;
  const auto found = anchors_.find(anchor);
  if (found == anchors_.end()) {
    Stop(Place(mark), {"PE0006", "an alias stands inside of what it names"});
    return;
  }
  const auto& [node, weight] = found->second;
  total_.nodes += weight.nodes;
  total_.bytes += weight.bytes;
  if (total_.nodes <= kMaxYamlNodes && total_.bytes <= kMaxYamlTextBytes) {
    YamlNode copy = node;
    Finish(std::move(copy), 0, weight);
    return;
  }
  Stop(Place(mark), {"PE0006", "aliases expand to more than the limit",
                     absl::StrCat("at most ", kMaxYamlNodes, " values and ", kMaxYamlTextBytes,
                                  " bytes after expansion")});
}

void TreeBuilder::Finish(YamlNode node, YAML::anchor_t anchor, Weight weight) {
  if (total_.nodes > kMaxYamlNodes || total_.bytes > kMaxYamlTextBytes) {
    Stop(Place(node), {"PE0006", absl::StrCat("more than ", kMaxYamlNodes, " values in one file")});
    return;
  }
  if (anchor != 0) anchors_[anchor] = {node, weight};
  if (open_.empty()) {
    root_ = std::move(node);
    return;
  }
  Frame& parent = open_.back();
  parent.weight.nodes += weight.nodes;
  parent.weight.bytes += weight.bytes;
  Attach(parent, std::move(node));
}

void TreeBuilder::Attach(Frame& parent, YamlNode node) {
  if (parent.node.kind == YamlNode::Kind::kList) {
    parent.node.values.push_back(std::move(node));
  } else if (!parent.has_key) {
    TakeKey(parent, std::move(node));
  } else {
    parent.has_key = false;
    if (parent.drop_value) return;
    parent.node.keys.push_back(std::move(parent.key));
    parent.node.values.push_back(std::move(node));
  }
}

void TreeBuilder::TakeKey(Frame& parent, YamlNode node) {
  parent.has_key = true;
  parent.drop_value = true;
  if (node.kind != YamlNode::Kind::kScalar) {
    problems_.Error(Place(node), {"PE0010", absl::StrCat("a key must be text, found ",
                                                         DescribeKind(node.kind))});
    return;
  }
  const auto [first, inserted] = parent.key_lines.emplace(node.text, node.line);
  if (!inserted) {
    problems_.Error(Place(node),
                    {"PE0007", absl::StrCat("key ", Quoted(node.text), " stands twice"),
                     absl::StrCat("first on line ", first->second)});
    return;
  }
  parent.drop_value = false;
  parent.key = std::move(node);
}

std::string LowerFirst(std::string text) {
  if (!text.empty()) text[0] = absl::ascii_tolower(static_cast<unsigned char>(text[0]));
  return text;
}

void SyntaxError(const YAML::Exception& error, const SourceText& source, Problems& problems) {
  Origin where = {Origin::Kind::kFile, source.name(), error.mark.line + 1, error.mark.column + 1};
  if (error.mark.is_null()) where.line = 0;
  problems.Error(where, {"PE0004", absl::StrCat("not valid YAML: ", LowerFirst(error.msg)),
                         source.IndentsWithTab(where.line)
                             ? "a tab stands in the indentation, YAML takes only spaces there"
                             : ""});
}

}  // namespace

std::string DescribeKind(YamlNode::Kind kind) {
  switch (kind) {
    case YamlNode::Kind::kNull:
      return "nothing";
    case YamlNode::Kind::kScalar:
      return "text";
    case YamlNode::Kind::kMap:
      return "a map";
    case YamlNode::Kind::kList:
      return "a list";
  }
  return "";
}

std::optional<YamlNode> ParseYaml(const SourceText& source, Problems& problems) {
  const Origin whole_file = {Origin::Kind::kFile, source.name()};
  if (source.text().size() > kMaxFileBytes) {
    problems.Error(whole_file,
                   {"PE0002", absl::StrCat("the file is larger than ", kMaxFileBytes, " bytes")});
    return std::nullopt;
  }
  if (const auto bad = source.FirstBadByte()) {
    const auto [line, col] = source.PlaceOf(*bad);
    problems.Error({Origin::Kind::kFile, source.name(), line, col},
                   {"PE0003", "a control character or a byte that is not UTF-8"});
    return std::nullopt;
  }
  TreeBuilder builder(source, problems);
  try {
    std::istringstream stream{std::string(source.text())};
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder)) return YamlNode();
    TreeBuilder ignored(source, problems);
    if (!builder.stopped() && parser.HandleNextDocument(ignored)) {
      problems.Error(whole_file, {"PE0008", "the file holds more than one YAML document",
                                  "keep what stands before the second `---`"});
    }
    if (!builder.stopped()) return builder.TakeRoot();
  } catch (const YAML::Exception& error) {
    // Behind a broken bound of ours, yaml-cpp may meet its own one.
    if (!builder.stopped()) SyntaxError(error, source, problems);
  } catch (const std::exception& error) {
    problems.Error(whole_file, {"PE0004", absl::StrCat("not valid YAML: ", error.what())});
  }
  return std::nullopt;
}

}  // namespace peakend::runtime
