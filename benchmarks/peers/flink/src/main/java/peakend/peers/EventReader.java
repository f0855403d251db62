package peakend.peers;

import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import peakend.peers.job.Event;

/** Record to event: by the generated class, or by a scan for the four fields that are needed. */
final class EventReader implements KafkaRecordDeserializationSchema<JobEvent> {
  private static final long serialVersionUID = 1;

  private final boolean full;

  EventReader(boolean full) {
    this.full = full;
  }

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<JobEvent> output)
      throws IOException {
    output.collect(full ? parsed(record.value()) : EventScan.of(record.value()));
  }

  private static JobEvent parsed(byte[] value) throws IOException {
    final Event event = Event.parseFrom(value);
    final JobEvent result = new JobEvent();
    result.customer = event.getCustomer();
    result.occurredMs = event.getOccurredMs();
    result.valenceMilli = event.getValenceMilli();
    result.id = event.getIdBytes().toByteArray();
    return result;
  }

  @Override
  public TypeInformation<JobEvent> getProducedType() {
    return Types.POJO(JobEvent.class);
  }
}
