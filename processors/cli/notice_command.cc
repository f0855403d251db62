#include "processors/cli/notice_command.h"

#include <CLI/CLI.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "processors/cli/control_record.h"
#include "processors/cli/loaded_config.h"

namespace peakend::cli {
namespace {

struct NoticeOptions {
  std::string id;
  std::string tenant;
  std::vector<std::string> areas;
  std::vector<std::string> segments;
  std::string touchpoint;
  std::string starts;
  std::string due;
  std::string fulfilled;
  bool withdrawn = false;
  bool print = false;
};

// A time in RFC 3339, `now`, or so much later than it, such as +6h.
std::optional<absl::Time> ReadTime(const std::string& text, absl::Time now) {
  if (text == "now") return now;
  absl::Duration later;
  if (text.rfind('+', 0) == 0 && absl::ParseDuration(text.substr(1), &later)) return now + later;
  absl::Time time;
  std::string error;
  if (absl::ParseTime(absl::RFC3339_full, text, &time, &error)) return time;
  return std::nullopt;
}

std::string CheckTime(const std::string& text) {
  if (ReadTime(text, absl::Now())) return "";
  return absl::StrCat("`", text, "` is no time: give 2026-12-01T18:00:00+08:00, now, or +6h");
}

// 0 where nothing is given. REQUIRES: CheckTime has passed.
int64_t MsOf(const std::string& text, absl::Time now) {
  return text.empty() ? 0 : absl::ToUnixMillis(*ReadTime(text, now));
}

// It has no key: it is for every partition.
ControlRecord RecordOf(const NoticeOptions& options, absl::Time now) {
  ControlRecord record;
  record.event.set_source("peakend");
  record.event.set_occurred_at_ms(absl::ToUnixMillis(now));
  record.event.set_event_id(absl::StrCat("notice/", record.event.occurred_at_ms()));
  record.event.set_tenant_id(options.tenant);
  v1::Notice& notice = *record.event.mutable_control()->mutable_notice();
  notice.set_notice_id(options.id);
  for (const std::string& area : options.areas) notice.add_areas(area);
  for (const std::string& segment : options.segments) notice.add_segments(segment);
  notice.set_touchpoint_id(options.touchpoint);
  notice.set_starts_at_ms(MsOf(options.starts, now));
  notice.set_due_at_ms(MsOf(options.due, now));
  notice.set_fulfilled_at_ms(MsOf(options.fulfilled, now));
  notice.set_withdrawn(options.withdrawn);
  return record;
}

bool IsOverdue(const v1::Notice& notice, absl::Time now) {
  const bool open = !notice.withdrawn() && notice.fulfilled_at_ms() == 0;
  return open && notice.due_at_ms() > 0 && notice.due_at_ms() <= absl::ToUnixMillis(now);
}

ExitCode Write(const ControlRecord& record, const v1::Config& config, Invocation& call) {
  const Delivery delivery = WriteRecord(record, config, call);
  if (delivery.partitions > 0 && (!call.quiet || delivery.code != ExitCode::kOk)) {
    *call.err << "notice " << record.event.control().notice().notice_id() << " written to "
              << delivery.delivered << " of " << delivery.partitions << " partitions\n";
  }
  return delivery.code;
}

ExitCode Announce(const NoticeOptions& options, Invocation& call) {
  const std::optional<LoadedConfig> loaded = LoadCallConfig(call);
  if (!loaded) return ExitCode::kConfigError;
  const absl::Time now = absl::Now();
  const ControlRecord record = RecordOf(options, now);
  if (const std::string refusal = RefusalOf(record, loaded->config); !refusal.empty()) {
    *call.err << "error: this is no notice: " << refusal << "\n";
    return ExitCode::kUsage;
  }
  if (IsOverdue(record.event.control().notice(), now)) {
    *call.err << "warning: --due has passed: whoever gets in touch from now on holds it against "
                 "us, until --fulfilled or --withdraw\n";
  }
  return options.print ? PrintRecord(record, call) : Write(record, loaded->config, call);
}

}  // namespace

Command NoticeCommand() {
  return {
      .name = "notice",
      .summary = "Announce something to many customers at once, or take it back",
      .examples =
          "peakend notice burst-main-7 --area north/riverside --touchpoint supply --due +6h\n"
          "peakend notice burst-main-7 --fulfilled now\n"
          "peakend notice launch --segment launch-2026 --due 2026-12-01T09:00:00+08:00\n"
          "peakend notice launch --withdraw\n"
          "peakend notice burst-main-7 --area north --due +6h --print >> events.ndjson\n",
      .takes_config = true,
      .setup = [](CLI::App& app) -> Action {
        auto options = std::make_shared<NoticeOptions>();
        app.add_option("ID", options->id, "Names the notice; what is said of it last counts")
            ->required();
        app.add_option("--tenant", options->tenant, "Whose customers it is for");
        app.add_option("--area", options->areas,
                       "For this service area and those below it; may be repeated. Without any "
                       "area and segment it is for everybody");
        app.add_option("--segment", options->segments, "For this segment; may be repeated");
        app.add_option("--touchpoint", options->touchpoint, "Only at this touchpoint");
        app.add_option("--starts", options->starts,
                       "Begin of what is announced: a time, now or +2h")
            ->check(CheckTime);
        app.add_option("--due", options->due, "By when it ends or comes: a time, now or +6h")
            ->check(CheckTime);
        auto* fulfilled =
            app.add_option("--fulfilled", options->fulfilled, "It has come true: a time or now");
        fulfilled->check(CheckTime);
        app.add_flag("--withdraw", options->withdrawn, "It was a mistake")->excludes(fulfilled);
        app.add_flag("--print", options->print,
                     "Print the event, as `run --input` and `produce` take it, and write nothing");
        return [options](Invocation& call) { return Announce(*options, call); };
      }};
}

}  // namespace peakend::cli
