// The payload of a compact event, and what stands in place of a customer's event.
//
// Thread-safety: pure functions. REQUIRES of all: members were checked (event_reader.h) and
// hold no nulls.
#ifndef PEAKEND_PROCESSORS_SCENARIOS_EVENT_PAYLOAD_H_
#define PEAKEND_PROCESSORS_SCENARIOS_EVENT_PAYLOAD_H_

#include <string_view>

#include "boost/json/object.hpp"

namespace peakend::scenarios {

// Stands for the id of an alert that is only known when the events before have been run.
inline constexpr std::string_view kAlertToName = "{alert}";

// Text behind `key`, "" where there is none.
std::string_view TextOf(const boost::json::object& event, std::string_view key);

// {"turn": {...}} and the like; `index` counts the events of a `repeat`. Empty when the event
// only names what is known of the contact.
boost::json::object Payload(const boost::json::object& event, int64_t index);
boost::json::object NoticePayload(const boost::json::object& event);
boost::json::object BaselinePayload(const boost::json::object& event);

}  // namespace peakend::scenarios

#endif  // PEAKEND_PROCESSORS_SCENARIOS_EVENT_PAYLOAD_H_
