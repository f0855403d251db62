// What an export leaves: whole files, or nothing.
#include "processors/cli/export_output.h"

#include <gtest/gtest.h>
#include <unistd.h>
#include <zstd.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

namespace peakend::cli {
namespace {

std::string Unpacked(const std::string& packed) {
  std::string text(
      ZSTD_getFrameContentSize(packed.data(), packed.size()) == ZSTD_CONTENTSIZE_UNKNOWN
          ? size_t{64} << 20
          : 0,
      '\0');
  const size_t size = ZSTD_decompress(text.data(), text.size(), packed.data(), packed.size());
  EXPECT_FALSE(ZSTD_isError(size)) << ZSTD_getErrorName(size);
  text.resize(ZSTD_isError(size) != 0 ? 0 : size);
  return text;
}

// Half of it compresses well.
std::string Noise(size_t size) {
  std::mt19937 random(1);
  std::string noise(size, 'a');
  for (size_t i = 0; i < size / 2; ++i) noise[i] = static_cast<char>(random());
  return noise;
}

TEST(ZstdStreamTest, PiecesOfAnySizeBecomeOneFrame) {
  for (const size_t size : {size_t{0}, size_t{1}, size_t{100'000}, size_t{5'000'000}}) {
    const std::string text = Noise(size);
    ZstdStream stream;
    std::string packed;
    for (size_t at = 0; at < size; at += 70'000) {
      ASSERT_TRUE(stream.Append(std::string_view(text).substr(at, 70'000), &packed).ok());
    }
    ASSERT_TRUE(stream.Finish(&packed).ok());
    EXPECT_EQ(Unpacked(packed), text);
    // The checksum tells of a byte that was changed.
    if (size == 100'000) {
      packed[packed.size() / 2] ^= 1;
      std::string other(size, '\0');
      EXPECT_TRUE(ZSTD_isError(ZSTD_decompress(other.data(), size, packed.data(), packed.size())));
    }
  }
}

TEST(ExportOutputTest, TheStandardOutputGetsWhatIsWritten) {
  for (const bool zstd : {false, true}) {
    std::ostringstream out;
    auto output = ExportOutput::Open("-", /*replace=*/false, zstd, out);
    ASSERT_TRUE(output.ok());
    (*output)->text() = "one ";
    EXPECT_TRUE((*output)->Flush().ok());
    (*output)->text() += "two";
    EXPECT_TRUE((*output)->Finish().ok());
    EXPECT_EQ(zstd ? Unpacked(out.str()) : out.str(), "one two");
    EXPECT_EQ((*output)->bytes(), static_cast<int64_t>(out.str().size()));
  }
}

TEST(ExportOutputTest, AReaderThatIsGoneEndsIt) {
  std::ostringstream out;
  out.setstate(std::ios::badbit);
  auto output = ExportOutput::Open("-", /*replace=*/false, /*zstd=*/false, out);
  ASSERT_TRUE(output.ok());
  (*output)->text() = "one";
  EXPECT_TRUE(absl::IsUnavailable((*output)->Flush()));
}

TEST(ExportOutputTest, NothingIsLeftOfAFileThatIsNotFinished) {
  const std::string folder = testing::TempDir() + "export_output_" + std::to_string(getpid());
  std::filesystem::create_directories(folder);
  std::ostringstream out;
  {
    auto output = ExportOutput::Open(folder + "/a", false, true, out);
    ASSERT_TRUE(output.ok()) << output.status();
    (*output)->text() = "one";
    EXPECT_TRUE((*output)->Flush().ok());
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder));
  std::ofstream(folder + "/a") << "mine";
  EXPECT_TRUE(absl::IsAlreadyExists(ExportOutput::Open(folder + "/a", false, true, out).status()));
  EXPECT_TRUE(
      absl::IsInvalidArgument(ExportOutput::Open(folder + "/b/c", false, true, out).status()));
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace peakend::cli
