#include "processors/cli/line_reader.h"

#include <zlib.h>

#include <sstream>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "rapidcheck.h"

namespace peakend::cli {
namespace {

std::string Gzip(const std::string& text) {
  z_stream stream = {};
  deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  packed.resize(packed.size() - stream.avail_out);
  deflateEnd(&stream);
  return packed;
}

struct Read {
  std::vector<std::string> lines;
  std::vector<int64_t> too_long;
  absl::Status end;
};

Read ReadAll(const std::string& bytes, size_t max_line_bytes = 1 << 20) {
  std::istringstream in(bytes);
  LineReader reader(in, max_line_bytes);
  Read read;
  while (true) {
    const auto line = reader.Next();
    if (absl::IsResourceExhausted(line.status())) {
      read.too_long.push_back(reader.number());
    } else if (!line.ok() || !line->has_value()) {
      read.end = line.status();
      return read;
    } else {
      read.lines.emplace_back(**line);
    }
  }
}

using Lines = std::vector<std::string>;

TEST(LineReaderTest, PlainLinesOfEveryEnding) {
  EXPECT_EQ(ReadAll("").lines, Lines{});
  EXPECT_EQ(ReadAll("a").lines, Lines{"a"});
  EXPECT_EQ(ReadAll("a\n\nb\r\nc\n").lines, (Lines{"a", "", "b", "c"}));
}

TEST(LineReaderTest, GzipIsRecognisedAndMembersFollowEachOther) {
  EXPECT_EQ(ReadAll(Gzip("a\nb\n")).lines, (Lines{"a", "b"}));
  EXPECT_EQ(ReadAll(Gzip("a\nb") + Gzip("c\n")).lines, (Lines{"a", "bc"}));
  EXPECT_TRUE(ReadAll(Gzip("a\nb\n")).end.ok());
  EXPECT_EQ(ReadAll(Gzip("")).lines, Lines{});
}

TEST(LineReaderTest, CutOrBrokenGzipIsSaid) {
  const std::string packed = Gzip("one line\nanother line\n");
  const Read cut = ReadAll(packed.substr(0, packed.size() - 4));
  EXPECT_EQ(cut.end.code(), absl::StatusCode::kDataLoss);
  std::string broken = packed;
  broken[packed.size() / 2] ^= 0x55;
  EXPECT_EQ(ReadAll(broken).end.code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(ReadAll(packed + "rest").end.code(), absl::StatusCode::kDataLoss);
}

TEST(LineReaderTest, ALineThatIsTooLongIsSkippedAlone) {
  const Read read = ReadAll("a\n" + std::string(101, 'x') + "\nb\n" + std::string(100, 'y'), 100);
  EXPECT_EQ(read.lines, (Lines{"a", "b", std::string(100, 'y')}));
  EXPECT_EQ(read.too_long, std::vector<int64_t>{2});
  EXPECT_EQ(ReadAll(std::string(3 << 20, 'x') + "\nb", 100).lines, Lines{"b"});
  EXPECT_EQ(ReadAll(std::string(3 << 20, 'x'), 100).too_long, std::vector<int64_t>{1});
}

TEST(LineReaderTest, LinesAcrossChunksAreWhole) {
  std::string text;
  Lines expected;
  for (int i = 0; i < 3000; ++i) {
    expected.push_back(std::to_string(i) + std::string(static_cast<size_t>(i % 700), 'z'));
    text += expected.back() + "\n";
  }
  EXPECT_EQ(ReadAll(text).lines, expected);
  EXPECT_EQ(ReadAll(Gzip(text)).lines, expected);
}

TEST(LineReaderTest, PlainAndGzipGiveTheSame) {
  EXPECT_TRUE(rc::check([](const std::vector<std::string>& parts) {
    std::string text = "-";
    for (const std::string& part : parts) text += part + "\n";
    RC_ASSERT(ReadAll(text).lines == ReadAll(Gzip(text)).lines);
  }));
}

}  // namespace
}  // namespace peakend::cli
