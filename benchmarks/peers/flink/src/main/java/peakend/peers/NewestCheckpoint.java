package peakend.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** The newest complete checkpoint or savepoint that an earlier process left. */
final class NewestCheckpoint {
  private NewestCheckpoint() {}

  /** Empty where there is none. A checkpoint is complete when it has its _metadata. */
  static Optional<Path> in(Path folder) {
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.walk(folder, 3)) {
      return files
          .filter(path -> path.endsWith("_metadata"))
          .max(Comparator.comparing(path -> path.toFile().lastModified()))
          .map(Path::getParent);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
