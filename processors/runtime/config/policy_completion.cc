#include "processors/runtime/config/policy_completion.h"

#include <algorithm>
#include <string>

#include "google/protobuf/util/message_differencer.h"
#include "processors/affect/level.h"
#include "processors/moments/experience.h"
#include "processors/publish/channel_name.h"

namespace peakend::runtime {
namespace {

using journey::Cause;

void CompleteImpression(const moments::CauseModel& model, v1::ImpressionPolicy& row) {
  if (!row.has_first()) row.set_first(affect::ToDouble(model.first));
  if (!row.has_step()) row.set_step(affect::ToDouble(model.step));
  if (!row.has_kano()) {
    const std::string_view kano = journey::KanoName(model.kano);
    row.set_kano(kano.empty() ? "none" : std::string(kano));
  }
  if (!row.has_confidence()) row.set_confidence(affect::ToDouble(model.confidence));
  if (!row.has_most_delight()) row.set_most_delight(affect::ToDouble(model.most_delight));
}

void CompleteImpressions(const moments::Experience& defaults, v1::Policy& policy) {
  for (int number = 0; number < journey::kCauses; ++number) {
    const auto cause = static_cast<Cause>(number);
    if (!journey::IsServiceCause(cause)) continue;
    const std::string name(journey::CauseName(cause));
    auto& rows = *policy.mutable_impressions();
    const auto row = std::find_if(rows.begin(), rows.end(),
                                  [&](const auto& known) { return known.cause() == name; });
    v1::ImpressionPolicy& found = row != rows.end() ? *row : *rows.Add();
    found.set_cause(name);
    CompleteImpression(defaults.of(cause), found);
  }
}

v1::ExpectationPolicy RowOf(const moments::Expectation& expectation) {
  v1::ExpectationPolicy row;
  row.set_cause(std::string(journey::CauseName(expectation.cause)));
  row.set_channel(expectation.channel == 0 ? "any" : publish::ChannelName(expectation.channel));
  if (expectation.cause == Cause::kPoorAudio) {
    row.set_desired_score(static_cast<double>(expectation.desired) / 1e6);
    row.set_adequate_score(static_cast<double>(expectation.adequate) / 1e6);
    return row;
  }
  row.mutable_desired()->set_seconds(expectation.desired / 1000);
  row.mutable_adequate()->set_seconds(expectation.adequate / 1000);
  return row;
}

}  // namespace

void CompletePolicy(v1::Policy& policy) {
  const moments::Experience defaults = moments::Experience::Default();
  CompleteImpressions(defaults, policy);
  for (const moments::Expectation& expectation : defaults.expectations) {
    const v1::ExpectationPolicy row = RowOf(expectation);
    const auto& rows = policy.expectations();
    const bool known = std::any_of(rows.begin(), rows.end(), [&](const auto& written) {
      return google::protobuf::util::MessageDifferencer::Equals(written, row);
    });
    if (!known) *policy.add_expectations() = row;
  }
  // Not a default of the field: it would be in the digest of who links nobody, too.
  if (!policy.identities().empty() && policy.known_customers().empty()) {
    policy.set_known_customers("stay");
  }
}

}  // namespace peakend::runtime
