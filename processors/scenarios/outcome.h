// What one run of a scenario gave.
//
// Thread-safety: values.
#ifndef PEAKEND_PROCESSORS_SCENARIOS_OUTCOME_H_
#define PEAKEND_PROCESSORS_SCENARIOS_OUTCOME_H_

#include <string>
#include <string_view>
#include <vector>

#include "boost/json/array.hpp"
#include "processors/publish/output.h"

namespace peakend::scenarios {

struct OutputRecord {
  publish::Topic topic = publish::Topic::kJourneys;
  std::string key;
  std::string value;  // the message as JSON, as publish/json.h writes it
};

struct Outcome {
  int exit_code = 0;  // of `peakend run` on the same input: 0, or 65 = records were set aside
  std::string talk;   // what it would say on standard error: problems by line
  std::vector<OutputRecord> records;  // in the order of writing
};

// The values of a topic, in their order.
boost::json::array TopicValues(const Outcome& outcome, publish::Topic topic);

// The newest version of each row of a topic whose rows have the key `id`, deleted ones
// included, in the order of their first versions.
boost::json::array NewestRows(const Outcome& outcome, publish::Topic topic, std::string_view id);

// The rows that are not deleted.
boost::json::array NewestMoments(const Outcome& outcome);
// Those, by start, tenant and customer.
boost::json::array NewestJourneys(const Outcome& outcome);
// Those without what may depend on the order of arrival.
boost::json::array ComparableJourneys(const Outcome& outcome);
// Customers into whose rows the newest versions of others' rows were withdrawn, each once, in
// the order of their ids.
boost::json::array MergedInto(const Outcome& outcome);

}  // namespace peakend::scenarios

#endif  // PEAKEND_PROCESSORS_SCENARIOS_OUTCOME_H_
