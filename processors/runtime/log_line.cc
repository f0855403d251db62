#include "processors/runtime/log_line.h"

#include <charconv>
#include <cmath>

#include "absl/strings/str_format.h"
#include "processors/publish/json.h"

namespace peakend::runtime {
namespace {

struct LevelNames {
  std::string_view json;
  std::string_view text;  // of equal width
};

constexpr LevelNames NamesOf(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return {"debug", "DEBUG"};
    case LogLevel::kInfo:
      return {"info", "INFO "};
    case LogLevel::kWarning:
      return {"warning", "WARN "};
    case LogLevel::kError:
      break;
  }
  return {"error", "ERROR"};
}

template <typename... Args>
void AppendNumber(std::string& out, Args... args) {
  char buffer[32];
  const auto result = std::to_chars(buffer, buffer + sizeof(buffer), args...);
  out.append(buffer, result.ptr);
}

bool IsPlain(std::string_view text) {
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!letter && std::string_view("_-./:,@%+[]()*").find(c) == std::string_view::npos) {
      return false;
    }
  }
  return !text.empty();
}

// JSON leaves DEL and the C1 controls (U+0080-U+009F) as they are; to a terminal
// they are commands.
void AppendPrintable(std::string& out, std::string_view utf8) {
  for (size_t i = 0; i < utf8.size(); ++i) {
    const auto byte = static_cast<unsigned char>(utf8[i]);
    const auto next = static_cast<unsigned char>(i + 1 < utf8.size() ? utf8[i + 1] : 0);
    if (byte == 0x7f) {
      out += "\\u007f";
    } else if (byte == 0xc2 && next >= 0x80 && next <= 0x9f) {
      out += absl::StrFormat("\\u%04x", next);
      ++i;
    } else {
      out.push_back(utf8[i]);
    }
  }
}

std::string Quoted(std::string_view text) {
  std::string json;
  publish::AppendJsonString(text, &json);
  std::string out;
  AppendPrintable(out, json);
  return out;
}

void AppendValue(LogFormat format, const LogField& field, std::string& out) {
  if (const auto* text = std::get_if<std::string_view>(&field.value)) {
    if (format == LogFormat::kText && IsPlain(*text)) {
      out += *text;
    } else {
      out += Quoted(*text);
    }
  } else if (const auto* whole = std::get_if<int64_t>(&field.value)) {
    AppendNumber(out, *whole);
  } else if (const auto* real = std::get_if<double>(&field.value)) {
    if (std::isfinite(*real)) {
      AppendNumber(out, *real);
    } else {
      out += "null";
    }
  } else {
    out += std::get<bool>(field.value) ? "true" : "false";
  }
}

std::string TextMessage(std::string_view message) {
  const std::string quoted = Quoted(message);
  return quoted.substr(1, quoted.size() - 2);
}

}  // namespace

std::string LogLine(LogFormat format, absl::Time time, LogLevel level, std::string_view message,
                    absl::Span<const LogField> fields) {
  const std::string stamp = absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", time, absl::UTCTimeZone());
  const LevelNames names = NamesOf(level);
  std::string line;
  if (format == LogFormat::kText) {
    line = stamp + " ";
    line += names.text;
    line += " " + TextMessage(message);
    for (const LogField& field : fields) {
      line += " ";
      line += field.name;
      line += "=";
      AppendValue(format, field, line);
    }
    return line;
  }
  line = "{\"time\":\"" + stamp + "\",\"level\":\"";
  line += names.json;
  line += "\",\"message\":" + Quoted(message);
  for (const LogField& field : fields) {
    line += "," + Quoted(field.name) + ":";
    AppendValue(format, field, line);
  }
  line += "}";
  return line;
}

}  // namespace peakend::runtime
