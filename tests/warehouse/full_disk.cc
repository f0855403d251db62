// A disk that has no room left while the file $PEAKEND_FULL_DISK exists, for a PostgreSQL that was
// started with this library preloaded. As on a real one, files of tables do not get longer, and
// what they have can be written over; the log, which has its own volume where people are careful,
// goes on.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>

namespace {

bool IsFull() {
  const char* const marker = std::getenv("PEAKEND_FULL_DISK");
  return marker != nullptr && access(marker, F_OK) == 0;
}

bool IsOfATable(int file) {
  char path[4096];
  const std::string link = "/proc/self/fd/" + std::to_string(file);
  const ssize_t size = readlink(link.c_str(), path, sizeof(path) - 1);
  if (size < 0) return false;
  path[size] = '\0';
  return std::strstr(path, "/base/") != nullptr;
}

// Whether a write of `file` up to `end` finds room.
bool Fits(int file, off_t end) {
  if (!IsFull() || !IsOfATable(file)) return true;
  struct stat now {};
  return fstat(file, &now) == 0 && end <= now.st_size;
}

template <typename Function>
Function* Next(Function*, const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" {

ssize_t pwrite(int file, const void* bytes, size_t size, off_t at) {
  static auto* const next = Next(&pwrite, "pwrite");
  if (Fits(file, at + static_cast<off_t>(size))) return next(file, bytes, size, at);
  errno = ENOSPC;
  return -1;
}

ssize_t pwritev(int file, const iovec* parts, int count, off_t at) {
  static auto* const next = Next(&pwritev, "pwritev");
  off_t end = at;
  for (int i = 0; i < count; ++i) end += static_cast<off_t>(parts[i].iov_len);
  if (Fits(file, end)) return next(file, parts, count, at);
  errno = ENOSPC;
  return -1;
}

int posix_fallocate(int file, off_t at, off_t size) {
  static auto* const next = Next(&posix_fallocate, "posix_fallocate");
  return Fits(file, at + size) ? next(file, at, size) : ENOSPC;
}

}  // extern "C"
