// The events of a busy contact center, always the same ones, as a feed delivers
// them: out of order within the allowed lateness, and some twice.
#ifndef PEAKEND_TESTS_KAFKA_CONTACT_CENTER_H_
#define PEAKEND_TESTS_KAFKA_CONTACT_CENTER_H_

#include <string>
#include <string_view>
#include <vector>

#include "peakend/v1/interaction_event.pb.h"

namespace peakend::runtime {

// At least `count` events, by at most a contact's worth, of `customers` customers
// over 20 days of the past.
std::vector<v1::InteractionEvent> ContactCenter(size_t count, int customers);

// The same with a notice to half of the customers now and then, which is for every partition.
std::vector<v1::InteractionEvent> WithNotices(const std::vector<v1::InteractionEvent>& events);

// One event for each partition, a month later, of customers of their own: the time
// of each partition passes the end of every journey of the others.
std::vector<v1::InteractionEvent> MonthLater(int partitions);
// Whether the events of MonthLater are this customer's.
bool IsMonthLater(std::string_view customer_id);

// The record key.
std::string KeyOf(const v1::InteractionEvent& event);

}  // namespace peakend::runtime

#endif  // PEAKEND_TESTS_KAFKA_CONTACT_CENTER_H_
