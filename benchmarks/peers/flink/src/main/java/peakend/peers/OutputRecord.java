package peakend.peers;

/** One record for one of the two topics; a plain object, whose fields Flink writes itself. */
public final class OutputRecord {
  public boolean alert;
  public String customer = "";
  public byte[] value = {};

  public OutputRecord() {}

  OutputRecord(boolean alert, String customer, byte[] value) {
    this.alert = alert;
    this.customer = customer;
    this.value = value;
  }
}
