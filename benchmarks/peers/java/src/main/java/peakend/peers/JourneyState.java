package peakend.peers;

import java.nio.ByteBuffer;

/**
 * One customer's state. Public mutable fields and a constructor without arguments: Flink then takes
 * it for a plain object and needs no reflection for each field's class.
 */
public final class JourneyState {
  public static final int BYTES = 41;

  public long startMs;
  public long lastMs;
  public int count;
  public int sumMilli;
  public int worstMilli;
  public int bestMilli;
  public double tail;
  public boolean alerted;

  public JourneyState() {}

  public void reset() {
    startMs = 0;
    lastMs = 0;
    count = 0;
    sumMilli = 0;
    worstMilli = 0;
    bestMilli = 0;
    tail = 0;
    alerted = false;
  }

  public JourneyState copy() {
    final JourneyState copy = new JourneyState();
    copy.startMs = startMs;
    copy.lastMs = lastMs;
    copy.count = count;
    copy.sumMilli = sumMilli;
    copy.worstMilli = worstMilli;
    copy.bestMilli = bestMilli;
    copy.tail = tail;
    copy.alerted = alerted;
    return copy;
  }

  /** BYTES bytes: cheaper than a protobuf message, and long enough for all fields. */
  public byte[] toBytes() {
    return ByteBuffer.allocate(BYTES)
        .putLong(startMs)
        .putLong(lastMs)
        .putInt(count)
        .putInt(sumMilli)
        .putInt(worstMilli)
        .putInt(bestMilli)
        .putDouble(tail)
        .put((byte) (alerted ? 1 : 0))
        .array();
  }

  public static JourneyState fromBytes(byte[] bytes) {
    final ByteBuffer buffer = ByteBuffer.wrap(bytes);
    final JourneyState state = new JourneyState();
    state.startMs = buffer.getLong();
    state.lastMs = buffer.getLong();
    state.count = buffer.getInt();
    state.sumMilli = buffer.getInt();
    state.worstMilli = buffer.getInt();
    state.bestMilli = buffer.getInt();
    state.tail = buffer.getDouble();
    state.alerted = buffer.get() != 0;
    return state;
  }
}
