// What the process says about itself: one line per message on one stream, text for
// a person or JSON for a program.
//
// A message is a constant text; what varies stands in fields, so that lines can be
// searched and repeated messages recognised. Values are escaped: no value can forge
// a line, a field or a terminal sequence. Personal data (customer text, customer,
// agent and journey ids, keys, values) must never be passed.
//
// Repeated messages are limited (see repeat_limit.h): the line that follows a gap
// has a field `suppressed` with the number of those left out.
//
// Thread-safety: all methods may be called from any thread.
#ifndef PEAKEND_PROCESSORS_RUNTIME_LOG_H_
#define PEAKEND_PROCESSORS_RUNTIME_LOG_H_

#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "processors/runtime/repeat_limit.h"

namespace peakend::runtime {

enum class LogLevel : uint8_t { kDebug, kInfo, kWarning, kError };
enum class LogFormat : uint8_t { kText, kJson };

// One named value of a message; a view, it must not outlive its arguments. Names
// are snake_case constants other than "time", "level", "message", "suppressed".
struct LogField {
  LogField(std::string_view field, std::string_view text) : name(field), value(text) {}
  LogField(std::string_view field, const std::string& text)
      : name(field), value(std::string_view(text)) {}
  LogField(std::string_view field, const char* text) : name(field), value(std::string_view(text)) {}
  LogField(std::string_view field, bool flag) : name(field), value(flag) {}
  template <std::integral T>
  requires(!std::same_as<T, bool>) LogField(std::string_view field, T number)
      : name(field), value(static_cast<int64_t>(number)) {}
  template <std::floating_point T>
  LogField(std::string_view field, T number) : name(field), value(static_cast<double>(number)) {}

  std::string_view name;
  std::variant<std::string_view, int64_t, double, bool> value;
};

struct LogOptions {
  LogFormat format = LogFormat::kText;
  LogLevel level = LogLevel::kInfo;  // the least severe that is written
  RepeatLimitOptions repeat;
};

class Logger {
 public:
  // Writes to `out`, which must outlive this; each line is flushed. `clock` stamps
  // the lines.
  Logger(const LogOptions& options, std::ostream& out, std::function<absl::Time()> clock);
  ~Logger();
  Logger(const Logger&) = delete;
  Logger& operator=(const Logger&) = delete;

  void Log(LogLevel level, std::string_view message, std::initializer_list<LogField> fields = {});

  // A line of librdkafka. `syslog_level` 0-7 as its log callback gives it;
  // repetitions are limited by facility.
  void LogKafka(int syslog_level, std::string_view facility, std::string_view text);

  bool enabled(LogLevel level) const { return level >= level_; }

 private:
  struct Output;
  void Write(LogLevel level, std::string_view message, absl::Span<const LogField> fields,
             std::string_view repeat_key);

  const LogFormat format_;
  const LogLevel level_;
  const std::function<absl::Time()> clock_;
  RepeatLimit repeat_;
  const std::unique_ptr<Output> output_;
};

// Takes protobuf's own log lines from standard error into `logger` while it lives;
// fatal ones still end the process. Protobuf has one handler per process: at most
// one of these may exist, made before and destroyed after the other threads.
class ProtobufLog {
 public:
  explicit ProtobufLog(Logger& logger);
  ~ProtobufLog();
  ProtobufLog(const ProtobufLog&) = delete;
  ProtobufLog& operator=(const ProtobufLog&) = delete;
};

// "auto", "text" or "json" (LogConfig.format); auto = text on a terminal.
LogFormat LogFormatFrom(std::string_view name, bool terminal);
// "debug", "info", "warning" or "error" (LogConfig.level); anything else = info.
LogLevel LogLevelFrom(std::string_view name);

}  // namespace peakend::runtime

#endif  // PEAKEND_PROCESSORS_RUNTIME_LOG_H_
