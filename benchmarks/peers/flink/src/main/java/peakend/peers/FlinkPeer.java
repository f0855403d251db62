package peakend.peers;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.RecoveryClaimMode;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamUtils;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import sun.misc.Signal;

/** The peers' job on Apache Flink: a mini-cluster in this process, exactly once. */
public final class FlinkPeer {
  private static final long STOP_LIMIT_S = 60;

  private FlinkPeer() {}

  public static void main(String[] arguments) throws Exception {
    final PeerOptions options =
        new PeerOptions(
            arguments,
            Map.of("state", "heap", "shuffle", "off", "parse", "partial", "checkpoint-ms", "1000"));
    final StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.createLocalEnvironment(1, settings(options));
    // Records are handed on inside one thread and kept by nobody: no copies between operators.
    environment.getConfig().enableObjectReuse();
    build(environment, options);
    final JobClient job = environment.executeAsync(options.text("name"));
    final String folder = checkpointFolder(options).toUri().toString();
    Signal.handle(new Signal("TERM"), signal -> stop(job, folder));
    job.getJobExecutionResult().get();
  }

  private static void build(StreamExecutionEnvironment environment, PeerOptions options) {
    final DataStream<JobEvent> events =
        environment
            .fromSource(source(options), WatermarkStrategy.noWatermarks(), "events")
            .returns(JobEvent.class);
    keyed(events, options)
        .process(new JourneyFunction(options.number("events")))
        .sinkTo(sink(options));
  }

  private static KeyedStream<JobEvent, String> keyed(
      DataStream<JobEvent> events, PeerOptions options) {
    if (options.is("shuffle", "on", "off")) {
      return events.keyBy(event -> event.customer, Types.STRING);
    }
    // The topic is keyed by customer already, and one task reads all of it: the records of
    // a key need not be brought together, and everything becomes one chain in one thread.
    return DataStreamUtils.reinterpretAsKeyedStream(
        events, event -> event.customer, Types.STRING);
  }

  private static KafkaSource<JobEvent> source(PeerOptions options) {
    return KafkaSource.<JobEvent>builder()
        .setBootstrapServers(options.text("bootstrap"))
        .setTopics(options.text("input"))
        .setGroupId(options.text("name"))
        // Only where there is no checkpoint. Not the group's offsets: they belong to no state.
        .setStartingOffsets(OffsetsInitializer.earliest())
        .setDeserializer(new EventReader(options.is("parse", "full", "partial")))
        .setProperty("isolation.level", "read_committed")
        .setProperty("max.poll.records", "10000")
        .setProperty("fetch.max.wait.ms", "10")
        .setProperty("check.crcs", "false")
        .build();
  }

  private static KafkaSink<OutputRecord> sink(PeerOptions options) {
    return KafkaSink.<OutputRecord>builder()
        .setBootstrapServers(options.text("bootstrap"))
        .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
        .setTransactionalIdPrefix(options.text("name"))
        // A few ids in turn; else every checkpoint has one of its own, which the broker
        // remembers for a week.
        .setTransactionNamingStrategy(TransactionNamingStrategy.POOLING)
        .setRecordSerializer(new OutputWriter(options.text("alerts"), options.text("journeys")))
        // Flink's hour is more than a broker allows.
        .setProperty("transaction.timeout.ms", "60000")
        .setProperty("linger.ms", "20")
        .setProperty("batch.size", String.valueOf(256 << 10))
        .setProperty("compression.type", "lz4")
        .build();
  }

  private static Configuration settings(PeerOptions options) {
    final Configuration settings = new Configuration();
    // A class that only Kryo could write is a mistake: it costs many times as much.
    settings.set(PipelineOptions.GENERIC_TYPES, false);
    final boolean heap = options.is("state", "heap", "rocksdb");
    settings.set(StateBackendOptions.STATE_BACKEND, heap ? "hashmap" : "rocksdb");
    settings.set(CheckpointingOptions.CHECKPOINTING_INTERVAL,
        Duration.ofMillis(options.number("checkpoint-ms")));
    settings.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
    settings.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY,
        checkpointFolder(options).toUri().toString());
    // What a killed process leaves is what the next one begins with.
    settings.set(CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
        ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
    settings.set(CheckpointingOptions.MAX_RETAINED_CHECKPOINTS, 2);
    // Only what changed is written; the heap's state knows no such thing.
    settings.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, !heap);
    settings.set(CoreOptions.TMP_DIRS, options.text("state-dir"));
    settings.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(64));
    settings.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(64));
    // RocksDB's cache and write buffers; the heap's state needs none.
    settings.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(heap ? 8 : 256));
    // A customer who is not known is found out without reading.
    settings.setString("state.backend.rocksdb.use-bloom-filter", "true");
    settings.setString("state.backend.rocksdb.localdir",
        Path.of(options.text("state-dir")).toAbsolutePath().resolve("rocksdb").toString());
    NewestCheckpoint.in(checkpointFolder(options))
        .ifPresent(
            checkpoint -> {
              settings.set(StateRecoveryOptions.SAVEPOINT_PATH, checkpoint.toUri().toString());
              // It becomes ours: otherwise the first checkpoint has to copy all of it.
              settings.set(StateRecoveryOptions.RESTORE_MODE, RecoveryClaimMode.CLAIM);
            });
    return settings;
  }

  private static Path checkpointFolder(PeerOptions options) {
    return Path.of(options.text("state-dir")).toAbsolutePath().resolve("checkpoints");
  }

  /** Commits what has been processed, and ends the process. */
  private static void stop(JobClient job, String folder) {
    try {
      job.stopWithSavepoint(false, folder, SavepointFormatType.NATIVE)
          .get(STOP_LIMIT_S, TimeUnit.SECONDS);
      System.exit(0);
    } catch (Exception e) {
      System.err.println("flink: " + e);
      System.exit(1);
    }
  }
}
