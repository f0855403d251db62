// Whom and which journey somebody asks about by an id: found among the rows that a run or the
// topics hand over.
//
// Bounded: rows of one id or of one customer are kept, whatever else goes by.
//
// Thread-safety: none; one owner.
#ifndef PEAKEND_PROCESSORS_CLI_EXPLAIN_LOOKUP_H_
#define PEAKEND_PROCESSORS_CLI_EXPLAIN_LOOKUP_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/message.h"
#include "peakend/v1/alert.pb.h"
#include "peakend/v1/journey.pb.h"
#include "processors/cli/file_run.h"

namespace peakend::cli {

// What an explanation is about.
struct ExplainSubject {
  std::string customer_key;  // tenant + "/" + customer
  std::string journey_id;    // empty = the latest of the customer
  std::string alert_id;      // empty = the question is about a journey
  // As in v1::Explanation.
  std::string asked_journey_id;
  std::string merged_from_customer_id;
  // Newest rows. Absent = there is none.
  std::optional<v1::Journey> journey;
  std::optional<v1::Alert> alert;
  // By partition of the input: the offset of the last record there that made a row of the
  // alert. Several where the alert went on with its customer, who is linked with another.
  std::map<int32_t, int64_t> alert_sources;
};

// Rows of one journey or alert, or of one customer.
class RowLookup {
 public:
  // `wanted` is an id, or a customer's key: it has a slash.
  explicit RowLookup(std::string wanted);

  // As TakeOutput: always true. Of each row the newest version is kept.
  bool Take(publish::Topic topic, const google::protobuf::Message& value);

  // By id.
  const std::map<std::string, v1::Journey>& journeys() const { return journeys_; }
  const std::map<std::string, v1::Alert>& alerts() const { return alerts_; }
  // As ExplainSubject::alert_sources, of the alert whose id is wanted.
  const std::map<int32_t, int64_t>& alert_sources() const { return alert_sources_; }
  // Contacts of a journey before it was withdrawn; empty = not known.
  std::vector<std::string> ContactsOf(const std::string& journey_id) const;

  // Of what went by.
  int64_t journey_rows() const { return journey_rows_; }
  int64_t alert_rows() const { return alert_rows_; }
  // The id that was probably meant; empty = none is near.
  const std::string& nearest() const { return nearest_; }

 private:
  bool Wants(const std::string& id, const std::string& tenant, const std::string& customer) const;
  void Compare(const std::string& id);
  void TakeJourney(const v1::Journey& row);
  void TakeAlert(const v1::Alert& row);

  const std::string wanted_;
  const bool customer_;
  std::map<std::string, v1::Journey> journeys_;
  std::map<std::string, v1::Alert> alerts_;
  std::map<int32_t, int64_t> alert_sources_;
  std::map<std::string, std::vector<std::string>> contacts_;
  int64_t journey_rows_ = 0;
  int64_t alert_rows_ = 0;
  std::string nearest_;
  size_t distance_ = 0;
};

// Hands all rows over once more. Errors end the search.
using ReadRows = std::function<absl::Status(RowLookup& lookup)>;

// Finds the subject of `asked` (a journey's or an alert's id, or a customer's key), and the
// journey in which the contacts of a withdrawn one are now. Reads the rows two to nine times.
// Errors: NotFound says what was searched; others are those of `read`.
absl::StatusOr<ExplainSubject> FindSubject(const std::string& asked, const ReadRows& read);

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_EXPLAIN_LOOKUP_H_
