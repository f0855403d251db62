#include "processors/cli/sink_run.h"

#include <algorithm>
#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "processors/cli/sink_progress.h"
#include "processors/publish/topic_names.h"
#include "processors/runtime/admin_pages.h"
#include "processors/runtime/admin_server.h"
#include "processors/runtime/config/show.h"
#include "processors/runtime/health.h"
#include "processors/runtime/kafka_offsets.h"
#include "processors/runtime/kafka_version.h"
#include "processors/runtime/log.h"
#include "processors/runtime/signals.h"
#include "processors/warehouse/migrations.h"
#include "processors/warehouse/row_stream.h"
#include "processors/warehouse/sink_connection.h"
#include "processors/warehouse/sink_loop.h"
#include "processors/warehouse/sink_metrics.h"

namespace peakend::cli {
namespace {

using runtime::LogLevel;
using warehouse::RowKind;

constexpr absl::Duration kSinkHeartbeatLimit = absl::Seconds(30);
constexpr absl::Duration kPauseSlice = absl::Milliseconds(50);
constexpr absl::Duration kSayAwayEvery = absl::Seconds(30);
constexpr absl::Duration kTopicLimit = absl::Seconds(10);
constexpr absl::Duration kTopicPause = absl::Seconds(1);
constexpr absl::Duration kLookEvery = absl::Seconds(1);
constexpr size_t kMostKnownKeys = 1'000'000;

runtime::LogOptions SinkLog(const v1::Config& config, const Invocation& call) {
  runtime::LogOptions options;
  options.format = runtime::LogFormatFrom(config.log().format(), call.color_err);
  options.level =
      call.verbosity > 0 ? LogLevel::kDebug : runtime::LogLevelFrom(config.log().level());
  if (call.quiet) options.level = LogLevel::kError;
  return options;
}

ExitCode ExitCodeOf(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return ExitCode::kOk;
    case absl::StatusCode::kUnavailable:
      return ExitCode::kUnavailable;
    case absl::StatusCode::kInternal:
      return ExitCode::kBug;
    default:
      return ExitCode::kConfigError;
  }
}

std::vector<RowKind> KindsOf(const std::vector<warehouse::RowTable>& tables) {
  std::vector<RowKind> kinds;
  for (const warehouse::RowTable& table : tables) kinds.push_back(table.kind);
  return kinds;
}

// The parts of one run, in the order in which they may be destroyed from the end.
class SinkRun {
 public:
  SinkRun(const SinkOptions& options, const LoadedConfig& loaded, Invocation& call)
      : options_(options),
        loaded_(loaded),
        log_(SinkLog(loaded.config, call), *call.err, absl::Now),
        tables_(warehouse::EnabledRowTables(loaded.config.bi())),
        metrics_(KindsOf(tables_)),
        health_(kSinkHeartbeatLimit, absl::Now()),
        progress_(call.terminal_err && !call.quiet ? call.err : nullptr) {}

  ExitCode Run();

 private:
  absl::Status Start();
  absl::Status StartAdmin();
  absl::Status InitSchema();
  absl::Status AwaitTopics();
  absl::Status OpenStreams();
  absl::Status OpenStream(const warehouse::RowTable& table);
  std::string TopicFor(const warehouse::RowTable& table) const {
    return publish::TopicName(loaded_.config.topics(), publish::TopicOf(table.kind));
  }
  warehouse::SinkConnectionHooks ConnectionHooks();
  warehouse::RowStreamHooks StreamHooks(RowKind kind, const std::string& topic);
  void OnTurn();
  void SayAway(const absl::Status& why);
  void Pause(absl::Duration pause);
  bool Stopping();

  const SinkOptions& options_;
  const LoadedConfig& loaded_;
  runtime::Logger log_;
  runtime::ProtobufLog protobuf_log_{log_};
  const std::vector<warehouse::RowTable> tables_;
  warehouse::SinkMetrics metrics_;
  runtime::HealthBoard health_;
  SinkProgress progress_;
  std::unique_ptr<runtime::ShutdownSignal> signal_;
  std::unique_ptr<runtime::AdminServer> admin_;
  warehouse::KnownKeys known_{kMostKnownKeys};
  std::unique_ptr<warehouse::SinkConnection> connection_;
  std::vector<std::unique_ptr<warehouse::RowStream>> streams_;
  absl::Time said_away_at_ = absl::InfinitePast();
  absl::Time looked_at_ = absl::InfinitePast();
};

bool SinkRun::Stopping() {
  if (signal_->requested()) health_.StartDraining();
  return signal_->requested();
}

void SinkRun::Pause(absl::Duration pause) {
  const absl::Time until = absl::Now() + pause;
  while (absl::Now() < until && !signal_->requested()) {
    health_.Tick(absl::Now());
    absl::SleepFor(std::min(kPauseSlice, until - absl::Now()));
  }
}

void SinkRun::SayAway(const absl::Status& why) {
  metrics_.AddRetry();
  const absl::Time now = absl::Now();
  if (now < said_away_at_ + kSayAwayEvery) return;
  said_away_at_ = now;
  log_.Log(LogLevel::kWarning, "not written yet, trying again",
           {{"problem", std::string(why.message())}});
}

warehouse::SinkConnectionHooks SinkRun::ConnectionHooks() {
  warehouse::SinkConnectionHooks hooks;
  hooks.stop = [this] { return Stopping(); };
  hooks.pause = [this](absl::Duration pause) { Pause(pause); };
  hooks.on_retry = [this](const absl::Status& why, absl::Duration wait) {
    metrics_.SetConnected(false);
    health_.SetKafka(false, "PostgreSQL does not take rows");
    SayAway(why);
  };
  hooks.on_back = [this] {
    metrics_.SetConnected(true);
    said_away_at_ = absl::InfinitePast();
    log_.Log(LogLevel::kInfo, "PostgreSQL takes rows again");
  };
  return hooks;
}

warehouse::RowStreamHooks SinkRun::StreamHooks(RowKind kind, const std::string& topic) {
  warehouse::RowStreamHooks hooks;
  hooks.clock = absl::Now;
  hooks.stop = [this] { return Stopping(); };
  hooks.log = [this](int level, std::string_view message) {
    log_.LogKafka(level, "consumer", message);
  };
  hooks.on_batch = [this, kind](const warehouse::WriteReport& report, size_t records,
                                absl::Duration took) {
    metrics_.SetConnected(true);
    metrics_.AddBatch(kind, report, records, took, absl::Now());
    progress_.AddBatch(report);
  };
  hooks.on_fenced = [this, kind, topic] {
    metrics_.AddFenced(kind);
    log_.Log(LogLevel::kWarning,
             "another instance has moved the offsets on; the batch is dropped and read again from "
             "where they stand",
             {{"topic", topic}});
  };
  hooks.on_loss = [this](const std::string& lost) {
    log_.Log(LogLevel::kWarning, "going on without rows that are lost, as --accept-loss says",
             {{"lost", lost}});
  };
  return hooks;
}

absl::Status SinkRun::StartAdmin() {
  const v1::AdminConfig& config = loaded_.config.admin();
  if (!config.enabled()) return absl::OkStatus();
  runtime::AdminPages pages;
  pages.health = &health_;
  pages.metrics = [this](absl::Time now) { return metrics_.Expose(); };
  pages.version_json = absl::StrCat("{\"version\":\"", PEAKEND_VERSION, "\",\"librdkafka\":\"",
                                    runtime::KafkaLibraryVersion(), "\"}");
  pages.config_yaml =
      runtime::ShowMessage(loaded_.config, loaded_.origins, runtime::ShowOrigins::kNo);
  runtime::AdminServerOptions options;
  options.address = config.address();
  options.port = static_cast<uint16_t>(config.port());
  auto server = runtime::AdminServer::Start(
      options, [pages = std::move(pages)](std::string_view method, std::string_view target,
                                          const runtime::LaterAnswer& later) {
        return runtime::AnswerTo(pages, method, target, absl::Now(), later);
      });
  if (!server.ok()) return server.status();
  admin_ = *std::move(server);
  log_.Log(LogLevel::kInfo, "admin port open", {{"address", admin_->endpoint()}});
  return absl::OkStatus();
}

absl::Status SinkRun::InitSchema() {
  auto postgres = warehouse::Postgres::Connect(options_.conninfo);
  while (absl::IsUnavailable(postgres.status()) && !Stopping()) {
    SayAway(postgres.status());
    Pause(kTopicPause);
    postgres = warehouse::Postgres::Connect(options_.conninfo);
  }
  if (!postgres.ok()) return postgres.status();
  const warehouse::RowSql sql(options_.schema);
  const auto missing = warehouse::MissingMigrations(**postgres, sql);
  if (!missing.ok() || missing->empty()) return missing.status();
  if (!options_.init_schema) {
    // Whether it matters, the tables' columns tell.
    log_.Log(LogLevel::kWarning, "the schema is not up to date; --init-schema makes it so",
             {{"missing", missing->size()}});
    return absl::OkStatus();
  }
  const auto applied = warehouse::Migrate(**postgres, sql, *missing);
  if (!applied.ok()) return applied.status();
  if (!applied->empty()) {
    log_.Log(LogLevel::kInfo, "migrations applied", {{"names", absl::StrJoin(*applied, " ")}});
  }
  return absl::OkStatus();
}

absl::Status SinkRun::AwaitTopics() {
  auto kafka = runtime::KafkaOffsets::Open(
      loaded_.config,
      [this](int level, std::string_view line) { log_.LogKafka(level, "offsets", line); });
  if (!kafka.ok()) return kafka.status();
  for (const warehouse::RowTable& table : tables_) {
    const std::string topic = TopicFor(table);
    absl::Status status;
    do {
      status = (*kafka)->Ask(topic, {0}, runtime::KafkaEdge::kFirst, kTopicLimit).status();
      if (!absl::IsUnavailable(status) || loaded_.config.shutdown().fail_fast()) break;
      log_.Log(LogLevel::kWarning, "waiting for the cluster",
               {{"problem", std::string(status.message())}});
      Pause(kTopicPause);
    } while (!Stopping());
    if (absl::IsNotFound(status)) {
      return absl::NotFoundError(
          absl::StrCat("there is no topic ", topic, "; `peakend topics create` makes it"));
    }
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status SinkRun::OpenStream(const warehouse::RowTable& table) {
  const std::string topic = TopicFor(table);
  warehouse::RowStreamOptions options;
  options.config = loaded_.config;
  options.config.mutable_topics()->mutable_interaction_events()->set_name(topic);
  v1::KafkaConfig& kafka = *options.config.mutable_kafka();
  kafka.set_group_id(absl::StrCat(options_.group, "-", table.name));
  // The streams share the memory that one worker would have.
  const uint64_t share = tables_.size();
  kafka.set_fetch_queue_bytes(kafka.fetch_queue_bytes() / share);
  kafka.set_fetch_queue_bytes_before_2_2(kafka.fetch_queue_bytes_before_2_2() / share);
  options.batch_rows = options_.batch_rows;
  options.batch_wait = options_.batch_wait;
  options.accept_loss = options_.accept_loss;
  auto stream = warehouse::RowStream::Open(std::move(options), table, *connection_, known_,
                                           StreamHooks(table.kind, topic));
  if (!stream.ok()) return stream.status();
  streams_.push_back(*std::move(stream));
  return absl::OkStatus();
}

absl::Status SinkRun::OpenStreams() {
  std::vector<const warehouse::RowTable*> tables;
  for (const warehouse::RowTable& table : tables_) tables.push_back(&table);
  warehouse::RowSinkOptions options;
  options.conninfo = options_.conninfo;
  options.schema = options_.schema;
  options.name = options_.name;
  connection_ = std::make_unique<warehouse::SinkConnection>(std::move(options), std::move(tables),
                                                            ConnectionHooks());
  // What is wrong with the tables is told now, not when the first rows come.
  absl::Status status = connection_->Run([](warehouse::RowSink& sink) { return absl::OkStatus(); });
  if (!status.ok()) return status;
  metrics_.SetConnected(true);
  for (const warehouse::RowTable& table : tables_) {
    if (status = OpenStream(table); !status.ok()) return status;
  }
  return absl::OkStatus();
}

void SinkRun::OnTurn() {
  const absl::Time now = absl::Now();
  health_.Tick(now);
  if (now < looked_at_ + kLookEvery) return;
  looked_at_ = now;
  size_t assigned = 0;
  int64_t lag = 0;
  bool reachable = true;
  for (const auto& stream : streams_) {
    assigned += stream->assigned();
    metrics_.SetLag(stream->table().kind, stream->Lag());
    lag += stream->Lag();
    reachable = reachable && stream->reachable();
  }
  health_.SetAssigned(assigned > 0);
  health_.SetReplayLeft(0);
  health_.SetKafka(reachable, reachable ? "" : "no broker answers");
  progress_.Show(lag, now);
}

absl::Status SinkRun::Start() {
  absl::Status status = StartAdmin();
  if (status.ok()) status = InitSchema();
  if (status.ok()) status = AwaitTopics();
  if (status.ok()) status = OpenStreams();
  return status;
}

ExitCode SinkRun::Run() {
  const google::protobuf::Duration& limit = loaded_.config.shutdown().limit();
  auto signal = runtime::ShutdownSignal::Start(
      absl::Seconds(limit.seconds()) + absl::Nanoseconds(limit.nanos()), [this](const char* name) {
        log_.Log(LogLevel::kInfo, "draining, a second signal ends at once", {{"signal", name}});
      });
  if (!signal.ok()) {
    log_.Log(LogLevel::kError, "cannot listen for signals",
             {{"problem", std::string(signal.status().message())}});
    return ExitCode::kBug;
  }
  signal_ = *std::move(signal);
  absl::Status status = Start();
  if (status.ok()) {
    log_.Log(LogLevel::kInfo, "running",
             {{"tables", streams_.size()}, {"group", options_.group}, {"schema", options_.schema}});
    warehouse::SinkLoopHooks hooks;
    hooks.stop = [this] { return Stopping(); };
    hooks.on_turn = [this] { OnTurn(); };
    hooks.on_kafka_away = [this](const absl::Status& why) {
      log_.Log(LogLevel::kWarning, "the cluster does not answer, trying again",
               {{"problem", std::string(why.message())}});
    };
    status = warehouse::RunSinkLoop(streams_, {.exit_at_end = options_.exit_at_end}, hooks);
  }
  streams_.clear();
  if (admin_ != nullptr) admin_->Stop();
  if (signal_->requested() && (absl::IsUnavailable(status) || absl::IsCancelled(status))) {
    status = absl::OkStatus();
  }
  progress_.Finish();
  if (status.ok()) {
    log_.Log(LogLevel::kInfo, "stopped",
             {{"written", progress_.written()}, {"dead_letters", progress_.dead()}});
  } else {
    log_.Log(LogLevel::kError, "cannot go on", {{"problem", std::string(status.message())}});
  }
  if (status.ok() && options_.exit_at_end && progress_.dead() > 0) return ExitCode::kBadData;
  return ExitCodeOf(status);
}

}  // namespace

ExitCode RunSink(const SinkOptions& options, const LoadedConfig& loaded, Invocation& call) {
  return SinkRun(options, loaded, call).Run();
}

}  // namespace peakend::cli
