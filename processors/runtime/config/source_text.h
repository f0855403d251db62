// A configuration file as lines, for messages that point into it.
//
// Thread-safety: const after construction.
#ifndef PEAKEND_PROCESSORS_RUNTIME_CONFIG_SOURCE_TEXT_H_
#define PEAKEND_PROCESSORS_RUNTIME_CONFIG_SOURCE_TEXT_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "processors/runtime/config/diagnostic.h"

namespace peakend::runtime {

class SourceText {
 public:
  // `text` must outlive this object; a byte order mark at its start is left out.
  SourceText(std::string_view name, std::string_view text);

  const std::string& name() const { return name_; }
  std::string_view text() const { return text_; }

  // Fills place, source line and caret of `diagnostic`. `line` from 1, `col` in
  // bytes from 1; a line behind the end stays without source. A line that sets a
  // password or secret shows only its key.
  void Locate(int line, int col, Diagnostic& diagnostic) const;

  // Offset of the first byte that is not UTF-8, or is a control character other
  // than tab, line feed and carriage return; nullopt = all well.
  std::optional<size_t> FirstBadByte() const;

  // True when the blanks before the first word of `line` hold a tab.
  bool IndentsWithTab(int line) const;

  // The reverse of PlaceOf; the end of the text for a place behind it.
  size_t OffsetOf(int line, int col) const;

  // Line and byte column (both from 1) of an offset.
  std::pair<int, int> PlaceOf(size_t offset) const;

 private:
  std::string_view Line(int line) const;

  std::string name_;
  std::string_view text_;
  std::vector<size_t> line_begins_;
};

// True for names such as "sasl.password" or "client_secret", whose value must
// not be printed; names of files that hold one ("..._file") are harmless.
bool NamesSecret(std::string_view name);

// `text` for a terminal: tabs become spaces, control characters and bytes that
// are not UTF-8 become question marks.
std::string Printable(std::string_view text);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_CONFIG_SOURCE_TEXT_H_
