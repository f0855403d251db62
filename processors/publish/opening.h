// When the one who says hello gets an opening card; the compiled form of OpeningPolicy.
#ifndef PEAKEND_PROCESSORS_PUBLISH_OPENING_H_
#define PEAKEND_PROCESSORS_PUBLISH_OPENING_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "processors/affect/level.h"

namespace peakend::publish {

// What a customer brings along.
enum class Brings : uint8_t {
  kPromiseOverdue,
  kPromiseOpen,
  kNoticeOverdue,
  kNotice,
  kUnrecoveredPeak,
  kBadEnd,
  kGoodEnd,
  kAgain,  // earlier contacts of the same journey
  kKnown,  // anything at all
};
// As in OpeningPolicy.when.
std::string_view BringsName(Brings brings);
std::optional<Brings> BringsNamed(std::string_view name);
// Where OpeningPolicy.level is absent.
affect::Nano DefaultLevel(Brings brings);

struct Opening {
  Brings when = Brings::kKnown;
  affect::Nano level = 0;
  std::string say_en;
  std::string say_zh;
};

}  // namespace peakend::publish

#endif  // PEAKEND_PROCESSORS_PUBLISH_OPENING_H_
