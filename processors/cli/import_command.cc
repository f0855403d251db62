#include "processors/cli/import_command.h"

#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/util/delimited_message_util.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <limits>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/ascii.h"
#include "processors/adapters/conversations.h"
#include "processors/adapters/event_merge.h"
#include "processors/cli/line_reader.h"
#include "processors/publish/json.h"

namespace peakend::cli {
namespace {

constexpr int64_t kNoLimit = std::numeric_limits<int64_t>::max();
constexpr size_t kFlushBytes = size_t{64} << 10;
constexpr int64_t kLinesShown = 20;

struct ImportOptions {
  std::string file = "-";
  std::string format = "json";
  int64_t limit = kNoLimit;
};

// "a/mwoz.dev.jsonl.gz" -> "mwoz.dev".
std::string Stem(const std::string& file) {
  if (file == "-") return "stdin";
  std::string name = file.substr(file.find_last_of('/') + 1);
  for (const std::string_view suffix : {".gz", ".jsonl", ".ndjson", ".json"}) {
    if (name.size() > suffix.size() && name.ends_with(suffix)) {
      name.resize(name.size() - suffix.size());
    }
  }
  return name;
}

// Writes events in the form that was asked for, in large pieces.
class EventWriter {
 public:
  EventWriter(bool binary, std::ostream& out) : binary_(binary), out_(out) {}

  void Write(const v1::InteractionEvent& event) {
    ++written_;
    if (binary_) {
      google::protobuf::io::StringOutputStream stream(&buffer_);
      google::protobuf::util::SerializeDelimitedToZeroCopyStream(event, &stream);
    } else {
      publish::AppendJson(event, publish::JsonDefaults::kOmit, &buffer_);
      buffer_.push_back('\n');
    }
    if (buffer_.size() >= kFlushBytes) Flush();
  }

  void Flush() {
    out_.write(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
    out_.flush();
    buffer_.clear();
  }

  bool ok() const { return out_.good(); }
  int64_t written() const { return written_; }

 private:
  const bool binary_;
  std::ostream& out_;
  std::string buffer_;
  int64_t written_ = 0;
};

// One run of `import conversations`.
class ConversationImport {
 public:
  ConversationImport(const ImportOptions& options, std::istream& in, Invocation& call)
      : options_(options),
        source_("conversations/" + Stem(options.file)),
        lines_(in),
        writer_(options.format == "binary", *call.out),
        call_(call) {}

  ExitCode Run() {
    while (imported_ < options_.limit && writer_.ok() && ReadLine()) {
    }
    Release(std::numeric_limits<int64_t>::max());
    writer_.Flush();
    return Report();
  }

 private:
  // False when there is nothing more to read.
  bool ReadLine() {
    const absl::StatusOr<std::optional<std::string_view>> line = lines_.Next();
    if (!line.ok()) {
      Problem(line.status());
      ++index_;
      return absl::IsResourceExhausted(line.status());
    }
    if (!line->has_value()) return false;
    const std::string_view text = **line;
    if (text.find_first_not_of(" \t") == std::string_view::npos) return true;
    const int64_t start_ms = adapters::ConversationStartMs(index_++);
    Release(start_ms);
    auto events = adapters::ReadConversation(text, source_, start_ms);
    if (events.ok()) {
      merge_.Add(*std::move(events));
      ++imported_;
    } else {
      Problem(events.status());
    }
    return true;
  }

  void Release(int64_t before_ms) {
    while (const std::optional<v1::InteractionEvent> event = merge_.PopBefore(before_ms)) {
      writer_.Write(*event);
    }
  }

  void Problem(const absl::Status& status) {
    if (++problems_ > kLinesShown) return;
    *call_.err << "error: " << options_.file << ":" << lines_.number() << ": " << status.message()
               << "\n";
  }

  ExitCode Report() {
    if (!writer_.ok()) {
      *call_.err << "error: cannot write to standard output\n";
      return ExitCode::kForced;
    }
    if (problems_ > kLinesShown) {
      *call_.err << "error: " << problems_ - kLinesShown << " more lines like these\n";
    }
    if (!call_.quiet || problems_ > 0) {
      *call_.err << imported_ << " conversations, " << writer_.written() << " events, " << problems_
                 << " bad lines\n";
    }
    return problems_ > 0 ? ExitCode::kBadData : ExitCode::kOk;
  }

  const ImportOptions& options_;
  const std::string source_;
  LineReader lines_;
  adapters::EventMerge merge_;
  EventWriter writer_;
  Invocation& call_;
  int64_t index_ = 0;  // of the next line that is not blank
  int64_t imported_ = 0;
  int64_t problems_ = 0;
};

ExitCode ImportConversations(const ImportOptions& options, Invocation& call) {
  if (options.file == "-") return ConversationImport(options, *call.in, call).Run();
  std::ifstream file(options.file, std::ios::binary);
  if (!file) {
    *call.err << "error: cannot read `" << options.file << "`: " << std::strerror(errno) << "\n";
    return ExitCode::kUsage;
  }
  return ConversationImport(options, file, call).Run();
}

Command ConversationsCommand() {
  return {.name = "conversations",
          .summary = "Rated conversations, one JSON object a line, as events in time order",
          .examples =
              "peakend import conversations chats.jsonl.gz | peakend run --input - --output -\n"
              "peakend import conversations chats.jsonl --limit 10\n"
              "zcat chats.jsonl.gz | peakend import conversations - --format binary\n",
          .setup = [](CLI::App& app) -> Action {
            auto options = std::make_shared<ImportOptions>();
            app.add_option("FILE", options->file, "Plain or gzip; - reads standard input")
                ->capture_default_str();
            app.add_option("--limit", options->limit, "Stop after this many conversations")
                ->type_name("N")
                ->check(CLI::NonNegativeNumber);
            app.add_option("--format", options->format, "json (a line each) or binary (protobuf)")
                ->check(CLI::IsMember({"json", "binary"}))
                ->capture_default_str();
            return [options](Invocation& call) { return ImportConversations(*options, call); };
          }};
}

}  // namespace

Command ImportCommand() {
  return {.name = "import",
          .summary = "Turn files of other forms into events",
          .examples = "peakend import conversations chats.jsonl.gz\n",
          .subcommands = {ConversationsCommand()}};
}

}  // namespace peakend::cli
