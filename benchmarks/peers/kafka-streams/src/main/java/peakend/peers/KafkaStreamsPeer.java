package peakend.peers;

import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** The peers' job on Kafka Streams: one processor with one store, exactly once. */
public final class KafkaStreamsPeer {
  private static final long CACHE_BYTES = 64L << 20;
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(60);

  private KafkaStreamsPeer() {}

  public static void main(String[] arguments) throws InterruptedException {
    final PeerOptions options =
        new PeerOptions(arguments, Map.of("store", "memory", "cache", "off", "commit-ms", "100"));
    final KafkaStreams streams = new KafkaStreams(topology(options), settings(options));
    final CountDownLatch ended = new CountDownLatch(1);
    streams.setUncaughtExceptionHandler(
        exception -> {
          System.err.println("kafka-streams: " + exception);
          ended.countDown();
          return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
    // Closing commits what has been processed.
    Runtime.getRuntime().addShutdownHook(new Thread(() -> streams.close(CLOSE_LIMIT)));
    streams.start();
    ended.await();
    System.exit(1);
  }

  private static Topology topology(PeerOptions options) {
    final CostLines lines = new CostLines(options.number("events"));
    return new Topology()
        .addSource("events", new StringDeserializer(), new ByteArrayDeserializer(),
            options.text("input"))
        .addProcessor("journeys", () -> new JourneyProcessor(lines), "events")
        .addStateStore(store(options), "journeys")
        .addSink(JourneyProcessor.ALERTS, options.text("alerts"), new StringSerializer(),
            new ByteArraySerializer(), "journeys")
        .addSink(JourneyProcessor.JOURNEYS, options.text("journeys"), new StringSerializer(),
            new ByteArraySerializer(), "journeys");
  }

  private static StoreBuilder<KeyValueStore<String, byte[]>> store(PeerOptions options) {
    // No timestamps in the store: the job has no use for them, and each costs 8 bytes.
    final var supplier =
        options.is("store", "memory", "rocksdb")
            ? Stores.inMemoryKeyValueStore(JourneyProcessor.STORE)
            : Stores.persistentKeyValueStore(JourneyProcessor.STORE);
    final var builder =
        Stores.keyValueStoreBuilder(supplier, Serdes.String(), Serdes.ByteArray())
            .withLoggingEnabled(Map.of());
    // A cache in front of the store writes a customer to the changelog once per commit.
    return options.is("cache", "on", "off")
        ? builder.withCachingEnabled()
        : builder.withCachingDisabled();
  }

  private static Properties settings(PeerOptions options) {
    final Properties settings = new Properties();
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, options.text("name"));
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, options.text("bootstrap"));
    settings.put(StreamsConfig.STATE_DIR_CONFIG, options.text("state-dir"));
    settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, options.number("commit-ms"));
    settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, CACHE_BYTES);
    // Like the other peers; a second thread would share what the first one does.
    settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
    settings.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, 1);
    // A task with no events must not make the others wait: the order between partitions
    // means nothing to this job.
    settings.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, StreamsConfig.MAX_TASK_IDLE_MS_DISABLED);
    // Large batches for a processor that is behind; of those that are left when it is not,
    // the commit waits for none.
    settings.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 20);
    settings.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 256 << 10);
    settings.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
    settings.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), 5000);
    settings.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    settings.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.CHECK_CRCS_CONFIG), false);
    settings.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, 10_000);
    // One that comes back under its old name takes its partitions at once; without a name
    // the broker waits 45 s for the dead one.
    settings.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG),
        options.text("name"));
    // What a killed one left open is ended after this; readers wait as long.
    settings.put(StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), 5_000);
    return settings;
  }
}
