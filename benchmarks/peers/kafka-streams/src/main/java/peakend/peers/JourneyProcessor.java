package peakend.peers;

import com.google.protobuf.InvalidProtocolBufferException;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import peakend.peers.job.Event;

/** One event after the other; the store holds {@link JourneyState} by customer. */
final class JourneyProcessor implements Processor<String, byte[], String, byte[]> {
  static final String STORE = "journey-store";
  static final String ALERTS = "alerts";
  static final String JOURNEYS = "journeys-out";

  private final CostLines lines;
  private ProcessorContext<String, byte[]> context;
  private KeyValueStore<String, byte[]> store;

  JourneyProcessor(CostLines lines) {
    this.lines = lines;
  }

  @Override
  public void init(ProcessorContext<String, byte[]> processorContext) {
    context = processorContext;
    store = context.getStateStore(STORE);
  }

  @Override
  public void process(Record<String, byte[]> record) {
    final Event event = parse(record.value());
    final String customer = event.getCustomer();
    final byte[] kept = store.get(customer);
    final JourneyState state = kept == null ? new JourneyState() : JourneyState.fromBytes(kept);
    if (JourneyRule.endsJourney(state, event.getOccurredMs())) {
      context.forward(
          new Record<>(customer, JourneyRule.journey(customer, state).toByteArray(),
              record.timestamp()),
          JOURNEYS);
      state.reset();
    }
    if (JourneyRule.add(state, event.getOccurredMs(), event.getValenceMilli())) {
      context.forward(
          new Record<>(customer,
              JourneyRule.alert(customer, state, event.getId()).toByteArray(),
              record.timestamp()),
          ALERTS);
    }
    store.put(customer, state.toBytes());
    lines.count();
  }

  private static Event parse(byte[] value) {
    try {
      return Event.parseFrom(value);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("an input record is no Event", e);
    }
  }
}
