// Files that appear whole or not at all: what is in the folder before, while and after.
#include "processors/cli/new_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <string>

namespace peakend::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class NewFileTest : public ::testing::Test {
 protected:
  NewFileTest() : folder_(testing::TempDir() + "new_file_" + std::to_string(getpid())) {
    std::filesystem::create_directories(folder_);
  }
  ~NewFileTest() override { std::filesystem::remove_all(folder_); }

  std::string File(const std::string& name) const { return folder_ + "/" + name; }
  std::set<std::string> Names() const {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
      names.insert(entry.path().filename());
    }
    return names;
  }
  std::string TextOf(const std::string& name) const {
    std::ifstream in(File(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

 private:
  const std::string folder_;
};

TEST_F(NewFileTest, AppearsWhenItIsFinished) {
  {
    auto file = NewFile::Create(File("a"));
    ASSERT_TRUE(file.ok()) << file.status();
    EXPECT_TRUE((*file)->Append("one ").ok());
    EXPECT_TRUE((*file)->Append("two").ok());
    EXPECT_THAT(Names(), ElementsAre("a.part"));
    EXPECT_TRUE((*file)->Finish().ok());
  }
  EXPECT_THAT(Names(), ElementsAre("a"));
  EXPECT_EQ(TextOf("a"), "one two");
}

TEST_F(NewFileTest, NothingIsLeftOfOneThatIsNotFinished) {
  auto file = NewFile::Create(File("a"));
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_TRUE((*file)->Append("one").ok());
  file->reset();
  EXPECT_THAT(Names(), IsEmpty());
  EXPECT_TRUE(NewFile::Create(File("a")).ok());
}

TEST_F(NewFileTest, AFileThatIsThereStaysAsItIs) {
  std::ofstream(File("a")) << "mine";
  const auto file = NewFile::Create(File("a"));
  EXPECT_TRUE(absl::IsAlreadyExists(file.status()));
  EXPECT_THAT(std::string(file.status().message()), HasSubstr("a` is there already"));
  EXPECT_EQ(TextOf("a"), "mine");
}

TEST_F(NewFileTest, AFileIsReplacedWhereThatIsWantedOnceTheNewOneIsWhole) {
  std::ofstream(File("a")) << "mine";
  for (const bool is_whole : {false, true}) {
    auto file = NewFile::Create(File("a"), NewFile::IfThere::kReplace);
    ASSERT_TRUE(file.ok()) << file.status();
    EXPECT_TRUE((*file)->Append("new").ok());
    EXPECT_EQ(TextOf("a"), "mine");
    const absl::Status finished = is_whole ? (*file)->Finish() : absl::OkStatus();
    EXPECT_TRUE(finished.ok()) << finished;
    file->reset();
    EXPECT_THAT(Names(), ElementsAre("a"));
    EXPECT_EQ(TextOf("a"), is_whole ? "new" : "mine");
  }
}

TEST_F(NewFileTest, AFileThatComesMeanwhileStaysAsItIs) {
  auto file = NewFile::Create(File("a"));
  ASSERT_TRUE(file.ok()) << file.status();
  std::ofstream(File("a")) << "mine";
  EXPECT_TRUE(absl::IsAlreadyExists((*file)->Finish()));
  file->reset();
  EXPECT_THAT(Names(), ElementsAre("a"));
  EXPECT_EQ(TextOf("a"), "mine");
}

TEST_F(NewFileTest, ADraftOfSomebodyElseStaysAsItIs) {
  std::ofstream(File("a.part")) << "theirs";
  const auto file = NewFile::Create(File("a"));
  EXPECT_TRUE(absl::IsAlreadyExists(file.status()));
  EXPECT_THAT(std::string(file.status().message()), HasSubstr("remove it"));
  EXPECT_TRUE(absl::IsAlreadyExists(NewFile::CheckFree(File("a"))));
  EXPECT_EQ(TextOf("a.part"), "theirs");
}

TEST_F(NewFileTest, WhereNoFileCanBeTheReasonIsTheSystems) {
  const auto file = NewFile::Create(File("no/such/folder"));
  EXPECT_TRUE(absl::IsUnavailable(file.status()));
  EXPECT_THAT(std::string(file.status().message()), HasSubstr("No such file"));
}

}  // namespace
}  // namespace peakend::cli
