package peakend.peers;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetIdentifier;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacetProvider;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Both topics through one sink, so that a checkpoint has one transaction. Names its topics, without
 * which transactions of a pool cannot be found again after a restart.
 */
final class OutputWriter
    implements KafkaRecordSerializationSchema<OutputRecord>, KafkaDatasetFacetProvider {
  private static final long serialVersionUID = 1;

  private final String alerts;
  private final String journeys;

  OutputWriter(String alerts, String journeys) {
    this.alerts = alerts;
    this.journeys = journeys;
  }

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      OutputRecord record, KafkaSinkContext context, Long timestamp) {
    return new ProducerRecord<>(
        record.alert ? alerts : journeys,
        record.customer.getBytes(StandardCharsets.UTF_8),
        record.value);
  }

  @Override
  public Optional<KafkaDatasetFacet> getKafkaDatasetFacet() {
    return Optional.of(
        new DefaultKafkaDatasetFacet(
            DefaultKafkaDatasetIdentifier.ofTopics(List.of(alerts, journeys))));
  }
}
