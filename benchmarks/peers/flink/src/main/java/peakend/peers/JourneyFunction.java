package peakend.peers;

import java.nio.charset.StandardCharsets;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/** One event after the other; Flink keeps {@link JourneyState} by customer. */
final class JourneyFunction extends KeyedProcessFunction<String, JobEvent, OutputRecord> {
  private static final long serialVersionUID = 1;

  private final long last;
  private transient ValueState<JourneyState> states;
  private transient CostLines lines;

  JourneyFunction(long last) {
    this.last = last;
  }

  @Override
  public void open(OpenContext context) {
    states =
        getRuntimeContext()
            .getState(new ValueStateDescriptor<>("journey", Types.POJO(JourneyState.class)));
    lines = new CostLines(last);
  }

  @Override
  public void processElement(JobEvent event, Context context, Collector<OutputRecord> output)
      throws Exception {
    JourneyState state = states.value();
    if (state == null) {
      state = new JourneyState();
    }
    if (JourneyRule.endsJourney(state, event.occurredMs)) {
      output.collect(
          new OutputRecord(
              false, event.customer, JourneyRule.journey(event.customer, state).toByteArray()));
      state.reset();
    }
    if (JourneyRule.add(state, event.occurredMs, event.valenceMilli)) {
      final String cause = new String(event.id, StandardCharsets.UTF_8);
      output.collect(
          new OutputRecord(
              true, event.customer, JourneyRule.alert(event.customer, state, cause).toByteArray()));
    }
    // The heap's state is the object itself while no checkpoint is being written; then Flink
    // has handed out a copy, which this puts back.
    states.update(state);
    lines.count();
  }
}
