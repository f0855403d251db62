package peakend.peers;

/** What the job needs of an Event; a plain object, whose fields Flink writes itself. */
public final class JobEvent {
  public String customer = "";
  public long occurredMs;
  public int valenceMilli;

  /** UTF-8; a text is made of it only where an alert is due. */
  public byte[] id = {};

  public JobEvent() {}
}
