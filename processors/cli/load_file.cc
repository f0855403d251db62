#include "processors/cli/load_file.h"

#include <google/protobuf/io/coded_stream.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <fstream>
#include <ostream>
#include <string>

#include "absl/strings/str_format.h"
#include "benchmarks/load/event_feed.h"
#include "peakend/v1/interaction_event.pb.h"
#include "processors/cli/load_expect.h"
#include "processors/cli/load_screen.h"
#include "processors/publish/json.h"

namespace peakend::cli {
namespace {

// 2026-01-01T00:00:00Z: a file is the same whenever it is written.
constexpr int64_t kStartAtMs = 1'767'225'600'000;
constexpr size_t kFlushBytes = size_t{256} << 10;

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

// What a file of it gives is put into the manifest, and that is written.
ExitCode Conclude(const LoadFlags& flags, const LoadOptions& options, v1::LoadManifest& manifest,
                  Invocation& call) {
  const bool known = AddExpected(
      options, {}, [] { return false; }, &manifest, call);
  if (!WriteManifest(flags, manifest, call)) return ExitCode::kUnavailable;
  return known ? ExitCode::kOk : ExitCode::kForced;
}

ExitCode Write(const LoadFlags& flags, const LoadOptions& options, std::ostream& out,
               Invocation& call) {
  load::EventFeed feed(options.profile, options.part);
  LoadScreen screen(call, options);
  v1::InteractionEvent event;
  std::string buffer;
  int64_t left_out = 0;
  const bool binary = flags.format == "binary";
  const auto flush = [&] {
    out.write(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    buffer.clear();
    return out.good();
  };
  for (load::LoadRecord record; feed.Next(record);) {
    if (record.bad) {
      ++left_out;
    } else {
      AppendRecord(record, binary, &event, &buffer);
    }
    if (buffer.size() < kFlushBytes) continue;
    if (!flush()) break;
    screen.ShowWritten(feed.tally().records(), record.due_us);
  }
  flush();
  out.flush();
  screen.End();
  if (!out.good()) {
    *call.err << "error: cannot write `" << flags.out << "`: " << std::strerror(errno)
              << "; what is there is a part of the load\n";
    return ExitCode::kUnavailable;
  }
  v1::LoadManifest manifest = ManifestOf(options);
  feed.tally().Fill(&manifest);
  if (left_out > 0 && !call.quiet) {
    *call.err << left_out << " bad records left out: a file holds events\n";
  }
  return Conclude(flags, options, manifest, call);
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
  v1::LoadManifest manifest = ManifestOf(options);
  feed.tally().Fill(&manifest);
  return Conclude(flags, options, manifest, call);
}

ExitCode LoadFile(const LoadFlags& flags, LoadOptions options, Invocation& call) {
  if (options.part.start_at_ms == 0) options.part.start_at_ms = kStartAtMs;
  if (!ManifestIsFree(flags, call)) return ExitCode::kUsage;
  if (flags.out == "-") return Write(flags, options, *call.out, call);
  if (access(flags.out.c_str(), F_OK) == 0) {
    *call.err << "error: `" << flags.out << "` is there already, and nothing is overwritten\n";
    return ExitCode::kUsage;
  }
  std::ofstream file(flags.out, std::ios::binary);
  if (!file) {
    *call.err << "error: cannot write `" << flags.out << "`: " << std::strerror(errno) << "\n";
    return ExitCode::kUsage;
  }
  return Write(flags, options, file, call);
}

}  // namespace peakend::cli
