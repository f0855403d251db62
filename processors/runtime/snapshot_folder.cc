#include "processors/runtime/snapshot_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "processors/runtime/snapshot_piece.h"

namespace peakend::runtime {

SnapshotFolder::SnapshotFolder(SnapshotFolderOptions options, std::function<absl::Time()> clock)
    : options_(std::move(options)), clock_(std::move(clock)), thread_([this] { Write(); }) {}

SnapshotFolder::~SnapshotFolder() {
  Ask({.kind = Job::Kind::kStop});
  thread_.join();
  if (lock_ >= 0) close(lock_);
}

std::string SnapshotFolder::PathOf(int32_t partition) const {
  return absl::StrCat(options_.folder, "/partition-", partition, ".snapshot");
}

absl::Status SnapshotFolder::Enter() {
  if (lock_ >= 0) return absl::OkStatus();
  if (mkdir(options_.folder.c_str(), 0700) != 0 && errno != EEXIST) {
    return absl::UnavailableError(absl::StrCat("cannot make the folder ", options_.folder, ": ",
                                               strerror(errno),
                                               "; see checkpoint.snapshot_folder"));
  }
  const std::string name = options_.folder + "/lock";
  const int file = open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) {
    return absl::UnavailableError(absl::StrCat("cannot write ", name, ": ", strerror(errno),
                                               "; see checkpoint.snapshot_folder"));
  }
  if (flock(file, LOCK_EX | LOCK_NB) != 0) {
    close(file);
    return absl::UnavailableError(
        absl::StrCat("another process uses ", options_.folder, ": each needs a folder of its own"));
  }
  lock_ = file;
  return absl::OkStatus();
}

absl::Status SnapshotFolder::MayUse(int32_t partition, const v1::SnapshotTag& tag) const {
  if (tag.group_id() != options_.group_id || tag.input_topic() != options_.input_topic ||
      tag.partition() != partition) {
    return absl::NotFoundError("the snapshot belongs to another job");
  }
  const absl::Duration age = clock_() - absl::FromUnixMillis(tag.begun_at_ms());
  if (age < absl::ZeroDuration() || age > options_.max_age) {
    return absl::NotFoundError(absl::StrCat("the snapshot is too old (", absl::FormatDuration(age),
                                            "), or the clock went back"));
  }
  return absl::OkStatus();
}

absl::StatusOr<Snapshot> SnapshotFolder::Read(
    int32_t partition, const std::function<absl::Status(const ChangelogRecord&)>& take) {
  if (absl::Status status = Enter(); !status.ok()) return status;
  Snapshot snapshot;
  snapshot.partition = partition;
  ChangelogRecord record;
  SnapshotReading reading;
  reading.tag = [&](const v1::SnapshotTag& tag) {
    snapshot.changelog_offset = tag.changelog_offset();
    snapshot.committed = tag.committed_offset();
    snapshot.begun_at = absl::FromUnixMillis(tag.begun_at_ms());
    record.end_offset = static_cast<int64_t>(tag.records());
    return MayUse(partition, tag);
  };
  reading.piece = [&](std::string_view piece) {
    return ForEachSnapshotRecord(piece, [&](std::string_view key, std::string_view value) {
      record.key = key;
      record.value = value;
      absl::Status status = take(record);
      ++record.offset;
      return status;
    });
  };
  if (absl::Status status = ReadSnapshotFile(PathOf(partition), reading); !status.ok()) {
    return status;
  }
  return snapshot;
}

void SnapshotFolder::Discard(int32_t partition) {
  if (lock_ >= 0) unlink(PathOf(partition).c_str());
}

void SnapshotFolder::Begin(const Snapshot& snapshot) {
  tag_.Clear();
  tag_.set_group_id(options_.group_id);
  tag_.set_input_topic(options_.input_topic);
  tag_.set_partition(snapshot.partition);
  tag_.set_changelog_offset(snapshot.changelog_offset);
  tag_.set_begun_at_ms(absl::ToUnixMillis(snapshot.begun_at));
  Ask({.kind = Job::Kind::kBegin, .tag = tag_, .entered = Enter()});
}

bool SnapshotFolder::Add(std::string& piece) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (queued_bytes_ > 0 && queued_bytes_ + piece.size() > kQueuedBytes) return false;
    queued_bytes_ += piece.size();
  }
  Ask({.kind = Job::Kind::kAdd, .piece = std::exchange(piece, {})});
  return true;
}

void SnapshotFolder::Finish(int64_t committed) {
  tag_.set_committed_offset(committed);
  Ask({.kind = Job::Kind::kFinish, .tag = tag_});
}

void SnapshotFolder::Abandon() { Ask({.kind = Job::Kind::kAbandon}); }

std::optional<absl::Status> SnapshotFolder::Outcome() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return std::exchange(outcome_, std::nullopt);
}

void SnapshotFolder::Ask(Job job) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (job.kind == Job::Kind::kBegin || job.kind == Job::Kind::kAbandon) {
    ++number_;
    outcome_.reset();
  }
  job.number = number_;
  jobs_.push_back(std::move(job));
  asked_.notify_one();
}

void SnapshotFolder::Write() {
  absl::Status status;
  while (true) {
    Job job;
    {
      std::unique_lock<std::mutex> lock(mutex_);
      asked_.wait(lock, [this] { return !jobs_.empty(); });
      job = std::move(jobs_.front());
      jobs_.pop_front();
    }
    if (job.kind == Job::Kind::kStop) break;
    if (job.kind == Job::Kind::kBegin) status = absl::OkStatus();
    const bool failed_before = !status.ok();
    if (!failed_before) status = Do(job);
    // A full disk should at least be as empty as before.
    if (!status.ok()) writer_.reset();
    const std::lock_guard<std::mutex> lock(mutex_);
    queued_bytes_ -= job.piece.size();
    const bool decided = job.kind == Job::Kind::kFinish || !status.ok();
    if (decided && !failed_before && job.number == number_) outcome_ = status;
  }
  writer_.reset();
}

absl::Status SnapshotFolder::Do(const Job& job) {
  switch (job.kind) {
    case Job::Kind::kBegin: {
      writer_.reset();
      if (!job.entered.ok()) return job.entered;
      auto writer = SnapshotFileWriter::Begin(PathOf(job.tag.partition()));
      if (!writer.ok()) return writer.status();
      writer_ = *std::move(writer);
      return absl::OkStatus();
    }
    case Job::Kind::kAdd:
      return writer_->Add(job.piece);
    case Job::Kind::kFinish: {
      absl::Status status = writer_->Finish(job.tag);
      writer_.reset();
      return status;
    }
    case Job::Kind::kAbandon:
    case Job::Kind::kStop:
      writer_.reset();
      return absl::OkStatus();
  }
  return absl::InternalError("unknown job");
}

}  // namespace peakend::runtime
