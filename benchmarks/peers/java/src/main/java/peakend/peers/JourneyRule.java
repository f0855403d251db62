package peakend.peers;

import peakend.peers.job.Alert;
import peakend.peers.job.Journey;

/**
 * The rule of the peers' job on one customer's state. Pure; both engines use it, so that what
 * differs between them is the engine.
 */
public final class JourneyRule {
  private static final long SILENCE_MS = 1_800_000;
  private static final double ALERT_BELOW = -0.4;
  private static final double RECOVER_ABOVE = -0.2;

  private JourneyRule() {}

  /** Whether the event begins a new journey: then the old one is to be written and reset. */
  public static boolean endsJourney(JourneyState state, long occurredMs) {
    return state.count > 0 && occurredMs - state.lastMs > SILENCE_MS;
  }

  /** Counts the event; returns whether an alert is due. */
  public static boolean add(JourneyState state, long occurredMs, int valenceMilli) {
    final double valence = valenceMilli / 1000.0;
    if (state.count == 0) {
      state.startMs = occurredMs;
      state.tail = valence;
      state.worstMilli = valenceMilli;
      state.bestMilli = valenceMilli;
    } else {
      state.tail = 0.75 * state.tail + 0.25 * valence;
      state.worstMilli = Math.min(state.worstMilli, valenceMilli);
      state.bestMilli = Math.max(state.bestMilli, valenceMilli);
    }
    state.count++;
    state.sumMilli += valenceMilli;
    state.lastMs = occurredMs;
    final double score = score(state);
    if (!state.alerted && score < ALERT_BELOW) {
      state.alerted = true;
      return true;
    }
    if (state.alerted && score > RECOVER_ABOVE) {
      state.alerted = false;
    }
    return false;
  }

  public static Journey journey(String customer, JourneyState state) {
    return Journey.newBuilder()
        .setCustomer(customer)
        .setStartMs(state.startMs)
        .setEndMs(state.lastMs)
        .setCount(state.count)
        .setSumMilli(state.sumMilli)
        .setWorstMilli(state.worstMilli)
        .setBestMilli(state.bestMilli)
        .setTailMilli(milli(state.tail))
        .setScoreMilli(milli(score(state)))
        .build();
  }

  /** The alert that {@link #add} has just found due. */
  public static Alert alert(String customer, JourneyState state, String causeEvent) {
    return Alert.newBuilder()
        .setId(customer + "/" + state.startMs + "/score")
        .setCustomer(customer)
        .setAtMs(state.lastMs)
        .setScoreMilli(milli(score(state)))
        .setWorstMilli(state.worstMilli)
        .setTailMilli(milli(state.tail))
        .setRule("score")
        .setCauseEvent(causeEvent)
        .build();
  }

  private static double score(JourneyState state) {
    return 0.1 * (state.worstMilli / 1000.0) + 0.9 * state.tail;
  }

  /** Halves go up, in every language the same. */
  private static int milli(double value) {
    return (int) Math.floor(value * 1000 + 0.5);
  }
}
