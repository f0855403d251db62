package peakend.peers;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Prints a line of JSON each 500,000 events and at the last: what the process has cost. */
public final class CostLines {
  private static final long LINE_EVERY = 500_000;
  private static final long PAGE_BYTES = 4096;

  private final OperatingSystemMXBean system =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private final long startedNs = System.nanoTime();
  private final long last;
  private long events;

  public CostLines(long last) {
    this.last = last;
  }

  /** To be called by one thread, once for each event. */
  public void count() {
    events++;
    if (events % LINE_EVERY == 0 || events == last) {
      print();
    }
  }

  private void print() {
    // The time of all threads: collecting garbage and compiling count.
    System.out.printf(
        Locale.ROOT,
        "{\"events\":%d,\"wall_s\":%.3f,\"cpu_s\":%.3f,\"rss_mb\":%.1f}%n",
        events,
        (System.nanoTime() - startedNs) / 1e9,
        system.getProcessCpuTime() / 1e9,
        residentMegabytes());
    System.out.flush();
  }

  private static double residentMegabytes() {
    try {
      final String[] pages = Files.readString(Path.of("/proc/self/statm")).split(" ");
      return Long.parseLong(pages[1]) * PAGE_BYTES / 1e6;
    } catch (IOException e) {
      return 0;
    }
  }
}
