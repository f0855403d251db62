#include "processors/scenarios/arrival_orders.h"

#include <algorithm>
#include <cstdint>
#include <random>
#include <utility>

namespace peakend::scenarios {
namespace {

using Lines = std::vector<InputLine>;

std::vector<Lines> Blocks(Lines lines) {
  std::stable_sort(lines.begin(), lines.end(),
                   [](const InputLine& a, const InputLine& b) { return a.at_ms < b.at_ms; });
  std::vector<Lines> blocks;
  for (InputLine& line : lines) {
    if (blocks.empty() || line.at_ms - blocks.back().front().at_ms > kReorderMs) {
      blocks.emplace_back();
    }
    blocks.back().push_back(std::move(line));
  }
  return blocks;
}

// As std::shuffle, but the same with every standard library.
void Shuffle(Lines& lines, std::mt19937_64& random) {
  for (size_t i = lines.size(); i > 1; --i) std::swap(lines[i - 1], lines[random() % i]);
}

}  // namespace

std::vector<Arrival> OtherArrivals(const Lines& lines) {
  std::vector<Lines> blocks = Blocks(lines);
  Arrival reversed = {"reversed within the lateness", {}};
  for (const Lines& block : blocks) {
    reversed.lines.insert(reversed.lines.end(), block.rbegin(), block.rend());
  }
  std::mt19937_64 random(1);
  Arrival shuffled = {"shuffled within the lateness", {}};
  Arrival both = {"shuffled and twice", {}};
  for (Lines& block : blocks) {
    Shuffle(block, random);
    shuffled.lines.insert(shuffled.lines.end(), block.begin(), block.end());
    both.lines.insert(both.lines.end(), block.begin(), block.end());
    both.lines.insert(both.lines.end(), block.rbegin(), block.rend());
  }
  Arrival twice = {"every event twice", {}};
  for (const InputLine& line : lines) twice.lines.insert(twice.lines.end(), 2, line);
  return {std::move(reversed), std::move(shuffled), std::move(twice), std::move(both)};
}

}  // namespace peakend::scenarios
