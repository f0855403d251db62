#include "processors/cli/load_file.h"

#include <google/protobuf/io/coded_stream.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/strings/str_format.h"
#include "benchmarks/load/event_feed.h"
#include "peakend/v1/interaction_event.pb.h"
#include "processors/cli/load_expect.h"
#include "processors/cli/load_screen.h"
#include "processors/cli/new_file.h"
#include "processors/publish/json.h"
#include "processors/runtime/signals.h"

namespace peakend::cli {
namespace {

// 2026-01-01T00:00:00Z: a file is the same whenever it is written.
constexpr int64_t kStartAtMs = 1'767'225'600'000;
constexpr size_t kLoadFlushBytes = size_t{256} << 10;

// In the form of the file. The record is an event.
void AppendRecord(const load::LoadRecord& record, bool binary, v1::InteractionEvent* event,
                  std::string* out) {
  if (binary) {
    uint8_t length[5];
    const uint8_t* const end = google::protobuf::io::CodedOutputStream::WriteVarint32ToArray(
        static_cast<uint32_t>(record.value.size()), length);
    out->append(reinterpret_cast<const char*>(length), static_cast<size_t>(end - length));
    out->append(record.value);
    return;
  }
  event->ParseFromArray(record.value.data(), static_cast<int>(record.value.size()));
  publish::AppendJson(*event, publish::JsonDefaults::kOmit, out);
  *out += '\n';
}

using Append = std::function<absl::Status(std::string_view)>;
using AskStop = std::function<bool()>;

// Writes all events of `feed`. Errors: Cancelled = `stop` said so; those of `append`.
absl::Status WriteEvents(load::EventFeed& feed, bool binary, LoadScreen& screen,
                         const Append& append, const AskStop& stop) {
  v1::InteractionEvent event;
  std::string buffer;
  for (load::LoadRecord record; feed.Next(record);) {
    if (stop()) return absl::CancelledError("stopped by a signal");
    if (!record.bad) AppendRecord(record, binary, &event, &buffer);
    if (buffer.size() < kLoadFlushBytes) continue;
    if (absl::Status written = append(buffer); !written.ok()) return written;
    buffer.clear();
    screen.ShowWritten(feed.tally().records(), record.due_us);
  }
  return append(buffer);
}

v1::LoadManifest ManifestOf(const LoadOptions& options, const load::EventFeed& feed) {
  v1::LoadManifest manifest = ManifestOf(options);
  feed.tally().Fill(&manifest);
  return manifest;
}

// What a file of it gives is put into the manifest, and that is written.
ExitCode Conclude(const LoadFlags& flags, const LoadOptions& options, const load::EventFeed& feed,
                  const AskStop& stop, Invocation& call) {
  v1::LoadManifest manifest = ManifestOf(options, feed);
  if (const int64_t bad = manifest.content().bad_records();
      bad > 0 && !flags.dry_run && !call.quiet) {
    *call.err << bad << " bad records left out: a file holds events\n";
  }
  const bool known = AddExpected(options, {}, stop, &manifest, call);
  if (!WriteManifest(flags, manifest, call)) return ExitCode::kUnavailable;
  return known ? ExitCode::kOk : ExitCode::kForced;
}

ExitCode WriteNewFile(const LoadFlags& flags, const LoadOptions& options, const AskStop& stop,
                      Invocation& call) {
  absl::StatusOr<std::unique_ptr<NewFile>> file = NewFile::Create(flags.out);
  if (absl::IsAlreadyExists(file.status())) {
    *call.err << "error: " << file.status().message() << "\n";
    return ExitCode::kUsage;
  }
  if (!file.ok()) {
    *call.err << "error: cannot write `" << flags.out << "`: " << file.status().message() << "\n";
    return ExitCode::kUsage;
  }
  load::EventFeed feed(options.profile, options.part);
  LoadScreen screen(call, options);
  absl::Status written = WriteEvents(
      feed, flags.format == "binary", screen,
      [&](std::string_view bytes) { return (*file)->Append(bytes); }, stop);
  if (written.ok()) written = (*file)->Finish();
  file->reset();
  screen.End();
  if (written.ok()) return Conclude(flags, options, feed, stop, call);
  if (absl::IsCancelled(written)) {
    *call.err << written.message() << ": nothing is left of `" << flags.out
              << "`, and the same call makes it anew\n";
    return ExitCode::kForced;
  }
  *call.err << "error: cannot write `" << flags.out << "`: " << written.message()
            << "; nothing is left of it\n";
  return ExitCode::kUnavailable;
}

// What has been written cannot be taken back: the manifest says that it is a part.
ExitCode WriteToOutput(const LoadFlags& flags, const LoadOptions& options, const AskStop& stop,
                       Invocation& call) {
  load::EventFeed feed(options.profile, options.part);
  LoadScreen screen(call, options);
  const auto append = [&](std::string_view bytes) {
    call.out->write(bytes.data(), static_cast<std::streamsize>(bytes.size())).flush();
    return call.out->good() ? absl::OkStatus() : absl::UnavailableError(std::strerror(errno));
  };
  const absl::Status written = WriteEvents(feed, flags.format == "binary", screen, append, stop);
  screen.End();
  if (written.ok()) return Conclude(flags, options, feed, stop, call);
  *call.err << (absl::IsCancelled(written) ? "" : "error: cannot write: ") << written.message()
            << "; what was written is a part of the load\n";
  if (!absl::IsCancelled(written)) return ExitCode::kUnavailable;
  v1::LoadManifest manifest = ManifestOf(options, feed);
  manifest.add_void_because(std::string(written.message()));
  WriteManifest(flags, manifest, call);
  return ExitCode::kForced;
}

double CpuSeconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

}  // namespace

ExitCode CountLoad(const LoadFlags& flags, LoadOptions options, Invocation& call) {
  if (options.part.start_at_ms == 0) options.part.start_at_ms = kStartAtMs;
  if (!ManifestIsFree(flags, call)) return ExitCode::kUsage;
  const double begun_s = CpuSeconds();
  load::EventFeed feed(options.profile, options.part);
  feed.Prepare();
  const double prepared_s = CpuSeconds();
  LoadScreen screen(call, options);
  for (load::LoadRecord record; feed.Next(record);) {
    if (feed.tally().records() % 65'536 == 0) {
      screen.ShowWritten(feed.tally().records(), record.due_us);
    }
  }
  screen.End();
  const double records_s = CpuSeconds() - prepared_s;
  const auto records = static_cast<double>(feed.tally().records());
  *call.err << absl::StrFormat(
      "%.0f records in %.2f s of CPU (%.0f a second), after %.2f s for what was under way\n",
      records, records_s, records / std::max(1e-6, records_s), prepared_s - begun_s);
  return Conclude(
      flags, options, feed, [] { return false; }, call);
}

ExitCode LoadFile(const LoadFlags& flags, LoadOptions options, Invocation& call) {
  if (options.part.start_at_ms == 0) options.part.start_at_ms = kStartAtMs;
  if (!ManifestIsFree(flags, call)) return ExitCode::kUsage;
  const auto signal = runtime::ShutdownSignal::Start(kLoadShutdownLimit);
  if (!signal.ok()) {
    *call.err << "error: " << signal.status().message() << "\n";
    return ExitCode::kUnavailable;
  }
  const auto stop = [&] { return (*signal)->requested(); };
  return flags.out == "-" ? WriteToOutput(flags, options, stop, call)
                          : WriteNewFile(flags, options, stop, call);
}

}  // namespace peakend::cli
