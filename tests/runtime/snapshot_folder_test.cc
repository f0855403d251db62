// Snapshots on disk: what was written comes back, and nothing else ever does.
#include "processors/runtime/snapshot_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <thread>

#include "processors/runtime/snapshot_piece.h"

namespace peakend::runtime {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using Records = std::map<std::string, std::string>;

// Pieces of a few records each.
std::vector<Records> SomePieces(int seed) {
  std::vector<Records> pieces(3);
  for (size_t i = 0; i < pieces.size(); ++i) {
    for (int k = 0; k < 4; ++k) {
      pieces[i]["acme/" + std::to_string(10 * i) + std::to_string(k)] =
          std::string(static_cast<size_t>(k), static_cast<char>('a' + seed));
    }
  }
  return pieces;
}

Records All(const std::vector<Records>& pieces) {
  Records all;
  for (const Records& piece : pieces) all.insert(piece.begin(), piece.end());
  return all;
}

class SnapshotFolderTest : public testing::Test {
 protected:
  SnapshotFolderTest() {
    fs::remove_all(root_);
    fs::create_directory(root_);
    Open();
  }
  ~SnapshotFolderTest() override {
    store_.reset();
    fs::remove_all(root_);
  }

  SnapshotFolderOptions Options() const { return {root_ / "snapshots", "group", "events"}; }
  void Open() { Open(Options()); }
  void Open(const SnapshotFolderOptions& options) {
    store_.reset();
    store_ = std::make_unique<SnapshotFolder>(options, [this] { return now_; });
  }

  // Writes a snapshot and waits until it is decided.
  absl::Status Write(const std::vector<Records>& pieces, int32_t partition = 0) {
    Add(pieces, partition);
    store_->Finish(77);
    return Outcome();
  }
  void Add(const std::vector<Records>& pieces, int32_t partition = 0) {
    store_->Begin({.partition = partition, .changelog_offset = 42, .begun_at = now_});
    for (const Records& records : pieces) {
      std::string piece;
      for (const auto& [key, value] : records) AppendSnapshotRecord(key, value, piece);
      while (!store_->Add(piece)) std::this_thread::yield();
    }
  }
  absl::Status Outcome() {
    while (true) {
      if (const std::optional<absl::Status> outcome = store_->Outcome()) return *outcome;
      std::this_thread::yield();
    }
  }

  absl::StatusOr<Snapshot> Read(Records* records = nullptr, int32_t partition = 0) {
    return store_->Read(partition, [&](const ChangelogRecord& record) {
      if (records != nullptr) (*records)[std::string(record.key)] = std::string(record.value);
      return absl::OkStatus();
    });
  }

  fs::path File() const { return root_ / "snapshots" / "partition-0.snapshot"; }
  std::string Bytes() const {
    std::ostringstream bytes;
    bytes << std::ifstream(File(), std::ios::binary).rdbuf();
    return bytes.str();
  }
  void SetBytes(const std::string& bytes) const {
    std::ofstream(File(), std::ios::binary) << bytes;
  }

  absl::Time now_ = absl::FromUnixMillis(1'800'000'000'000);
  fs::path root_ = fs::path(testing::TempDir()) / "peakend-snapshots";
  std::unique_ptr<SnapshotFolder> store_;
};

TEST_F(SnapshotFolderTest, WhatWasWrittenComesBackInTheNextProcess) {
  ASSERT_TRUE(Write(SomePieces(0)).ok());
  now_ += absl::Hours(1);
  Open();
  Records records;
  const absl::StatusOr<Snapshot> snapshot = Read(&records);
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_EQ(records, All(SomePieces(0)));
  EXPECT_EQ(snapshot->partition, 0);
  EXPECT_EQ(snapshot->changelog_offset, 42);
  EXPECT_EQ(snapshot->committed, 77);
  EXPECT_EQ(snapshot->begun_at, now_ - absl::Hours(1));
}

TEST_F(SnapshotFolderTest, ThereIsNoneAtFirst) { EXPECT_TRUE(absl::IsNotFound(Read().status())); }

TEST_F(SnapshotFolderTest, AnEmptyPartitionHasASnapshotToo) {
  ASSERT_TRUE(Write({}).ok());
  Records records;
  EXPECT_TRUE(Read(&records).ok());
  EXPECT_TRUE(records.empty());
}

TEST_F(SnapshotFolderTest, ANewerOneTakesThePlaceOfTheLast) {
  ASSERT_TRUE(Write(SomePieces(0)).ok());
  ASSERT_TRUE(Write(SomePieces(1)).ok());
  Records records;
  ASSERT_TRUE(Read(&records).ok());
  EXPECT_EQ(records, All(SomePieces(1)));
}

TEST_F(SnapshotFolderTest, AnUnfinishedOneLeavesTheLastAsItIs) {
  ASSERT_TRUE(Write(SomePieces(0)).ok());
  Add(SomePieces(1));
  store_->Abandon();
  Add(SomePieces(2));
  Open();
  Records records;
  ASSERT_TRUE(Read(&records).ok());
  EXPECT_EQ(records, All(SomePieces(0)));
}

TEST_F(SnapshotFolderTest, AfterAnAbandonedOneTheNextIsWritten) {
  Add(SomePieces(1));
  store_->Abandon();
  ASSERT_TRUE(Write(SomePieces(2)).ok());
  Records records;
  ASSERT_TRUE(Read(&records).ok());
  EXPECT_EQ(records, All(SomePieces(2)));
}

TEST_F(SnapshotFolderTest, PartitionsDoNotMix) {
  ASSERT_TRUE(Write(SomePieces(0), 0).ok());
  ASSERT_TRUE(Write(SomePieces(1), 7).ok());
  fs::copy_file(root_ / "snapshots" / "partition-7.snapshot", File(),
                fs::copy_options::overwrite_existing);
  EXPECT_TRUE(absl::IsNotFound(Read().status()));
  Records records;
  ASSERT_TRUE(Read(&records, 7).ok());
  EXPECT_EQ(records, All(SomePieces(1)));
}

TEST_F(SnapshotFolderTest, ADiscardedOneIsGone) {
  ASSERT_TRUE(Write(SomePieces(0)).ok());
  store_->Discard(0);
  EXPECT_TRUE(absl::IsNotFound(Read().status()));
}

TEST_F(SnapshotFolderTest, OneOfAnotherJobIsNotUsed) {
  ASSERT_TRUE(Write(SomePieces(0)).ok());
  SnapshotFolderOptions options = Options();
  options.group_id = "another";
  Open(options);
  EXPECT_TRUE(absl::IsNotFound(Read().status()));
  options = Options();
  options.input_topic = "another";
  Open(options);
  EXPECT_TRUE(absl::IsNotFound(Read().status()));
}

TEST_F(SnapshotFolderTest, AnOldOneIsNotUsedNorOneFromTheFuture) {
  ASSERT_TRUE(Write(SomePieces(0)).ok());
  now_ += absl::Hours(12);
  EXPECT_TRUE(Read().ok());
  now_ += absl::Seconds(1);
  EXPECT_TRUE(absl::IsNotFound(Read().status()));
  now_ -= absl::Hours(13);
  EXPECT_TRUE(absl::IsNotFound(Read().status()));
}

TEST_F(SnapshotFolderTest, EveryFlippedBitIsNoticed) {
  ASSERT_TRUE(Write(SomePieces(0)).ok());
  const std::string good = Bytes();
  for (size_t i = 0; i < good.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string bad = good;
      bad[i] = static_cast<char>(bad[i] ^ (1 << bit));
      SetBytes(bad);
      ASSERT_FALSE(Read().ok()) << "bit " << bit << " of byte " << i;
    }
  }
  SetBytes(good);
  EXPECT_TRUE(Read().ok());
}

TEST_F(SnapshotFolderTest, EveryMissingOrAddedEndIsNoticed) {
  ASSERT_TRUE(Write(SomePieces(0)).ok());
  const std::string good = Bytes();
  for (size_t size = 0; size < good.size(); ++size) {
    SetBytes(good.substr(0, size));
    ASSERT_FALSE(Read().ok()) << size << " bytes";
  }
  SetBytes(good + '\0');
  EXPECT_FALSE(Read().ok());
}

TEST_F(SnapshotFolderTest, PiecesThatChangedPlacesAreNoticed) {
  // Equally long pieces, so that only their numbers tell them apart.
  const std::vector<Records> pieces = {{{"acme/a", "1"}}, {{"acme/b", "2"}}};
  ASSERT_TRUE(Write(pieces).ok());
  std::string bytes = Bytes();
  const size_t size = 4 + 8 + 4 + 4 + 6 + 1;
  const std::string first = bytes.substr(8, size);
  bytes.replace(8, size, bytes.substr(8 + size, size));
  bytes.replace(8 + size, size, first);
  SetBytes(bytes);
  EXPECT_TRUE(absl::IsDataLoss(Read().status()));
}

TEST_F(SnapshotFolderTest, AnErrorOfTheReaderEndsTheReading) {
  ASSERT_TRUE(Write(SomePieces(0)).ok());
  int taken = 0;
  const auto snapshot = store_->Read(0, [&](const ChangelogRecord& record) {
    EXPECT_EQ(record.end_offset - record.offset, 12 - taken);
    return ++taken == 5 ? absl::CancelledError("enough") : absl::OkStatus();
  });
  EXPECT_TRUE(absl::IsCancelled(snapshot.status()));
  EXPECT_EQ(taken, 5);
}

TEST_F(SnapshotFolderTest, OneProcessAtATimeUsesAFolder) {
  ASSERT_TRUE(Write(SomePieces(0)).ok());
  const auto first = std::move(store_);
  Open();
  EXPECT_THAT(Read().status().ToString(), HasSubstr("another process uses"));
  EXPECT_THAT(Write(SomePieces(1)).ToString(), HasSubstr("another process uses"));
}

TEST_F(SnapshotFolderTest, TheFolderIsFreeOnceItsProcessIsGone) {
  ASSERT_TRUE(Write(SomePieces(0)).ok());
  auto first = std::move(store_);
  Open();
  ASSERT_FALSE(Read().ok());
  first.reset();
  EXPECT_TRUE(Read().ok());
  EXPECT_TRUE(Write(SomePieces(1)).ok());
}

TEST_F(SnapshotFolderTest, AFolderThatCannotBeMadeIsNamed) {
  SnapshotFolderOptions options = Options();
  std::ofstream(root_ / "file") << "not a folder";
  options.folder = root_ / "file" / "snapshots";
  Open(options);
  EXPECT_THAT(Write(SomePieces(0)).ToString(), HasSubstr("checkpoint.snapshot_folder"));
  EXPECT_FALSE(absl::IsNotFound(Read().status()));
}

// Files of this process may not grow beyond `bytes`, as if the disk were full.
class DiskFull {
 public:
  explicit DiskFull(rlim_t bytes) : before_(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &limit_);
    rlimit lower = limit_;
    lower.rlim_cur = bytes;
    setrlimit(RLIMIT_FSIZE, &lower);
  }
  ~DiskFull() {
    setrlimit(RLIMIT_FSIZE, &limit_);
    std::signal(SIGXFSZ, before_);
  }
  DiskFull(const DiskFull&) = delete;
  DiskFull& operator=(const DiskFull&) = delete;

 private:
  void (*before_)(int);
  rlimit limit_;
};

TEST_F(SnapshotFolderTest, AFullDiskLeavesTheLastOneAndNoRubbish) {
  ASSERT_TRUE(Write(SomePieces(0)).ok());
  {
    const DiskFull full(100);
    EXPECT_THAT(Write(SomePieces(1)).ToString(), HasSubstr("partition-0.snapshot"));
  }
  Records records;
  ASSERT_TRUE(Read(&records).ok());
  EXPECT_EQ(records, All(SomePieces(0)));
  EXPECT_EQ(std::distance(fs::directory_iterator(root_ / "snapshots"), {}), 2);  // and the lock
  EXPECT_TRUE(Write(SomePieces(1)).ok());
}

// A folder that has lost its disk, or may not be written to any more.
TEST_F(SnapshotFolderTest, AFolderThatIsTakenAwayIsNamedAndUsedAgainOnceItIsBack) {
  ASSERT_TRUE(Write(SomePieces(0)).ok());
  fs::rename(root_ / "snapshots", root_ / "elsewhere");
  std::ofstream(root_ / "snapshots") << "not a folder";
  EXPECT_THAT(Write(SomePieces(1)).ToString(), HasSubstr("partition-0.snapshot"));
  fs::remove(root_ / "snapshots");
  fs::rename(root_ / "elsewhere", root_ / "snapshots");
  Records records;
  ASSERT_TRUE(Read(&records).ok());
  EXPECT_EQ(records, All(SomePieces(0)));
  EXPECT_TRUE(Write(SomePieces(2)).ok());
}

// Reading a folder as a file fails in the middle, as a broken disk does.
TEST_F(SnapshotFolderTest, AnErrorOfTheDiskIsNamedAndIsNotTakenForNoSnapshot) {
  ASSERT_TRUE(Write(SomePieces(0)).ok());
  fs::remove(File());
  fs::create_directory(File());
  const absl::Status status = Read().status();
  EXPECT_FALSE(status.ok());
  EXPECT_FALSE(absl::IsNotFound(status));
  EXPECT_THAT(status.ToString(), HasSubstr("partition-0.snapshot"));
  store_->Discard(0);
  fs::remove(File());
  EXPECT_TRUE(Write(SomePieces(1)).ok());
}

}  // namespace
}  // namespace peakend::runtime
