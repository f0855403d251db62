#include "processors/explain/curve.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace peakend::explain {
namespace {

// +1.00, +0.75, ... -1.00.
constexpr int kRows = 9;
constexpr int kMiddle = kRows / 2;

// In order of what is shown where several meet.
enum class Mark { kPlain, kPositivePeak, kNegativePeak, kEnd };
constexpr size_t kMarks = 4;

struct Glyphs {
  std::array<const char*, kMarks> marks;
  const char* axis;
  const char* zero;
  const char* corner;
};
constexpr Glyphs kUtf8 = {{"●", "▲", "▼", "◆"}, "│", "─", "┼"};
constexpr Glyphs kAscii = {{"o", "^", "v", "E"}, "|", "-", "+"};

struct Point {
  double valence = 0;
  Mark mark = Mark::kPlain;
  // Number of the contact that begins here; 0 = none does.
  int contact = 0;
};

std::vector<Point> PointsOf(const v1::Explanation& told) {
  std::vector<Point> points;
  int contact = -1;
  for (const v1::ImpressionStory& each : told.impressions()) {
    Point point{each.evidence().valence()};
    if (each.peak_positive()) point.mark = Mark::kPositivePeak;
    if (each.peak_negative()) point.mark = Mark::kNegativePeak;
    if (each.contact() != contact) {
      contact = each.contact();
      point.contact = contact + 1;
    }
    points.push_back(point);
  }
  if (told.ended_by().has_evidence()) points.push_back({told.ended_by().valence(), Mark::kEnd});
  return points;
}

// Neighbours joined until at most `most` are left.
std::vector<Point> Joined(const std::vector<Point>& points, size_t most) {
  if (points.size() <= most) return points;
  std::vector<Point> joined(most);
  std::vector<bool> taken(most, false);
  for (size_t i = 0; i < points.size(); ++i) {
    Point& held = joined[i * most / points.size()];
    const Point& point = points[i];
    const int contact = held.contact != 0 ? held.contact : point.contact;
    const bool stronger = point.mark != held.mark
                              ? point.mark > held.mark
                              : std::abs(point.valence) > std::abs(held.valence);
    if (!taken[i * most / points.size()] || stronger) held = point;
    held.contact = contact;
    taken[i * most / points.size()] = true;
  }
  return joined;
}

int RowOf(double valence) {
  return kMiddle - static_cast<int>(std::lround(std::clamp(valence, -1.0, 1.0) * kMiddle));
}

std::string Row(int row, const std::vector<Point>& points, int step, const Glyphs& glyphs) {
  const bool zero = row == kMiddle;
  std::string line = absl::StrFormat("  %+5.2f ", 1.0 - static_cast<double>(row) / kMiddle);
  if (zero) line = "   0.00 ";
  absl::StrAppend(&line, zero ? glyphs.corner : glyphs.axis);
  const char* empty = zero ? glyphs.zero : " ";
  for (const Point& point : points) {
    for (int i = 1; i < step; ++i) absl::StrAppend(&line, empty);
    const bool here = RowOf(point.valence) == row;
    absl::StrAppend(&line, here ? glyphs.marks[static_cast<size_t>(point.mark)] : empty);
  }
  const size_t end = line.find_last_not_of(' ');
  return line.substr(0, end + 1);
}

std::string ContactRow(const std::vector<Point>& points, int step) {
  std::string line(9, ' ');
  for (size_t i = 0; i < points.size(); ++i) {
    const size_t column = 9 + (i + 1) * static_cast<size_t>(step) - 1;
    // What does not fit behind the number before it is left out.
    if (points[i].contact == 0 || (line.size() > column && line.size() > 9)) continue;
    line.resize(column, ' ');
    absl::StrAppend(&line, "#", points[i].contact);
  }
  return line;
}

std::string Legend(const std::vector<Point>& points, const Glyphs& glyphs, Language language) {
  constexpr std::array<Wording, kMarks> kNames = {{{"impression", "体验"},
                                                   {"positive peak", "正面峰值"},
                                                   {"negative peak", "负面峰值"},
                                                   {"how it ended", "结束方式"}}};
  std::string line(9, ' ');
  for (size_t mark = 0; mark < kMarks; ++mark) {
    const bool there = std::any_of(points.begin(), points.end(), [&](const Point& point) {
      return static_cast<size_t>(point.mark) == mark;
    });
    if (!there) continue;
    absl::StrAppend(&line, glyphs.marks[mark], " ", kNames[mark].In(language), "   ");
  }
  absl::StrAppend(&line, Wording{"#n contact n begins", "#n 第 n 次联络开始"}.In(language));
  return line;
}

}  // namespace

std::vector<std::string> DrawCurve(const v1::Explanation& told, const CurveOptions& options) {
  const auto columns = static_cast<size_t>(std::max(8, options.columns));
  const std::vector<Point> points = Joined(PointsOf(told), columns);
  if (points.empty()) return {};
  const int step = static_cast<int>(std::clamp<size_t>(columns / points.size(), 1, 4));
  const Glyphs& glyphs = options.utf8 ? kUtf8 : kAscii;
  std::vector<std::string> lines;
  for (int row = 0; row < kRows; ++row) lines.push_back(Row(row, points, step, glyphs));
  lines.push_back(ContactRow(points, step));
  lines.push_back(Legend(points, glyphs, options.language));
  return lines;
}

}  // namespace peakend::explain
