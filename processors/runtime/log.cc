#include "processors/runtime/log.h"

#include <google/protobuf/stubs/logging.h>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/ostream_sink.h>

#include <atomic>
#include <utility>
#include <vector>

#include "processors/runtime/log_line.h"

namespace peakend::runtime {
namespace {

spdlog::level::level_enum SpdlogLevel(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarning:
      return spdlog::level::warn;
    case LogLevel::kError:
      break;
  }
  return spdlog::level::err;
}

// Protobuf's handler is a bare function without a context, so what it writes to
// has to be found from nowhere: the one place where this cannot be passed.
std::atomic<Logger*>& ProtobufTarget() {
  static std::atomic<Logger*> target = nullptr;
  return target;
}

void HandleProtobuf(google::protobuf::LogLevel level, const char* file, int line,
                    const std::string& text) {
  Logger* const logger = ProtobufTarget().load();
  if (logger == nullptr) return;
  LogLevel ours = LogLevel::kError;
  if (level == google::protobuf::LOGLEVEL_INFO) ours = LogLevel::kInfo;
  if (level == google::protobuf::LOGLEVEL_WARNING) ours = LogLevel::kWarning;
  logger->Log(ours, "protobuf", {{"text", text}, {"file", file}, {"line", line}});
}

}  // namespace

struct Logger::Output {
  spdlog::logger logger;
};

Logger::Logger(const LogOptions& options, std::ostream& out, std::function<absl::Time()> clock)
    : format_(options.format),
      level_(options.level),
      clock_(std::move(clock)),
      repeat_(options.repeat),
      output_(new Output{
          spdlog::logger("peakend", std::make_shared<spdlog::sinks::ostream_sink_mt>(out, true))}) {
  // The line is complete and escaped before spdlog sees it.
  output_->logger.set_formatter(std::make_unique<spdlog::pattern_formatter>("%v"));
  output_->logger.set_level(SpdlogLevel(level_));
}

Logger::~Logger() = default;

void Logger::Log(LogLevel level, std::string_view message, std::initializer_list<LogField> fields) {
  Write(level, message, absl::MakeConstSpan(fields.begin(), fields.size()), message);
}

void Logger::LogKafka(int syslog_level, std::string_view facility, std::string_view text) {
  LogLevel level = LogLevel::kDebug;
  if (syslog_level <= 3) {
    level = LogLevel::kError;
  } else if (syslog_level == 4) {
    level = LogLevel::kWarning;
  } else if (syslog_level <= 6) {
    level = LogLevel::kInfo;
  }
  const LogField fields[] = {{"facility", facility}, {"text", text}};
  Write(level, "kafka client", fields, "kafka client/" + std::string(facility));
}

void Logger::Write(LogLevel level, std::string_view message, absl::Span<const LogField> fields,
                   std::string_view repeat_key) {
  if (!enabled(level)) return;
  const absl::Time now = clock_();
  const RepeatLimit::Verdict verdict = repeat_.Admit(repeat_key, now);
  if (!verdict.write) return;
  std::vector<LogField> all(fields.begin(), fields.end());
  if (verdict.suppressed > 0) all.emplace_back("suppressed", verdict.suppressed);
  output_->logger.log(SpdlogLevel(level), LogLine(format_, now, level, message, all));
}

ProtobufLog::ProtobufLog(Logger& logger) {
  ProtobufTarget().store(&logger);
  google::protobuf::SetLogHandler(HandleProtobuf);
}

// Not back to protobuf's own handler: that one writes to standard error.
ProtobufLog::~ProtobufLog() {
  google::protobuf::SetLogHandler(nullptr);
  ProtobufTarget().store(nullptr);
}

LogFormat LogFormatFrom(std::string_view name, bool terminal) {
  if (name == "text") return LogFormat::kText;
  if (name == "json") return LogFormat::kJson;
  return terminal ? LogFormat::kText : LogFormat::kJson;
}

LogLevel LogLevelFrom(std::string_view name) {
  if (name == "debug") return LogLevel::kDebug;
  if (name == "warning") return LogLevel::kWarning;
  if (name == "error") return LogLevel::kError;
  return LogLevel::kInfo;
}

}  // namespace peakend::runtime
