package peakend.peers;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The command line that every peer has (README.md), and an engine's own options. */
public final class PeerOptions {
  private static final Set<String> CONTRACT =
      Set.of("bootstrap", "input", "alerts", "journeys", "state-dir", "events", "name");

  private final Map<String, String> values;

  /** `own` holds the engine's own options and what they are when not given. Ends on a mistake. */
  public PeerOptions(String[] arguments, Map<String, String> own) {
    values = new HashMap<>(own);
    values.put("name", "peer");
    for (int i = 0; i < arguments.length; i += 2) {
      final String key = arguments[i].startsWith("--") ? arguments[i].substring(2) : "";
      if (!CONTRACT.contains(key) && !own.containsKey(key)) {
        final Set<String> known = new TreeSet<>(CONTRACT);
        known.addAll(own.keySet());
        fail("no option '" + arguments[i] + "'; there are: " + String.join(", ", known));
      }
      if (i + 1 == arguments.length) {
        fail("--" + key + " needs a value");
      }
      values.put(key, arguments[i + 1]);
    }
    for (String key : CONTRACT) {
      if (!values.containsKey(key)) {
        fail("--" + key + " is required");
      }
    }
  }

  public String text(String key) {
    return values.get(key);
  }

  public long number(String key) {
    try {
      return Long.parseLong(values.get(key));
    } catch (NumberFormatException e) {
      throw fail("--" + key + ": '" + values.get(key) + "' is no number");
    }
  }

  /** Whether the value is `yes`; anything but `yes` or `no` is a mistake. */
  public boolean is(String key, String yes, String no) {
    final String value = values.get(key);
    if (!value.equals(yes) && !value.equals(no)) {
      fail("--" + key + ": '" + value + "' is neither " + yes + " nor " + no);
    }
    return value.equals(yes);
  }

  private static IllegalArgumentException fail(String message) {
    System.err.println(message);
    System.exit(64);
    return new IllegalArgumentException(message);
  }
}
