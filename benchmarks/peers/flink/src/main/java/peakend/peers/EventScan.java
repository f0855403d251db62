package peakend.peers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads four fields of an Event's bytes and passes over the others without making objects. */
final class EventScan {
  private static final int ID = 1;
  private static final int CUSTOMER = 4;
  private static final int OCCURRED_MS = 5;
  private static final int VALENCE_MILLI = 12;

  private final byte[] bytes;
  private int at;

  private EventScan(byte[] bytes) {
    this.bytes = bytes;
  }

  static JobEvent of(byte[] bytes) throws IOException {
    final EventScan scan = new EventScan(bytes);
    final JobEvent event = new JobEvent();
    while (scan.at < bytes.length) {
      scan.field(event);
    }
    return event;
  }

  private void field(JobEvent event) throws IOException {
    final long tag = varint();
    switch ((int) (tag & 7)) {
      case 0 -> number((int) (tag >>> 3), varint(), event);
      case 1 -> pass(8);
      case 2 -> bytes((int) (tag >>> 3), (int) varint(), event);
      case 5 -> pass(4);
      default -> throw new IOException("an input record is no Event");
    }
  }

  private static void number(int field, long value, JobEvent event) {
    if (field == OCCURRED_MS) {
      event.occurredMs = value;
    } else if (field == VALENCE_MILLI) {
      final int zigzag = (int) value;
      event.valenceMilli = (zigzag >>> 1) ^ -(zigzag & 1);
    }
  }

  private void bytes(int field, int length, JobEvent event) throws IOException {
    final int from = at;
    pass(length);
    if (field == ID) {
      event.id = Arrays.copyOfRange(bytes, from, at);
    } else if (field == CUSTOMER) {
      event.customer = new String(bytes, from, length, StandardCharsets.UTF_8);
    }
  }

  private void pass(int length) throws IOException {
    if (length < 0 || length > bytes.length - at) {
      throw new IOException("an input record is cut off");
    }
    at += length;
  }

  private long varint() throws IOException {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (at == bytes.length) {
        throw new IOException("an input record is cut off");
      }
      final byte next = bytes[at++];
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IOException("an input record has a number that is too long");
  }
}
