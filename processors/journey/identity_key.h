// Who takes part in linking customers: customers, and the homes of identities. A home is kept
// like a customer; its id begins with "/", which no customer's does.
#ifndef PEAKEND_PROCESSORS_JOURNEY_IDENTITY_KEY_H_
#define PEAKEND_PROCESSORS_JOURNEY_IDENTITY_KEY_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace peakend::journey {

// True when the id was made up for somebody whom nobody has named yet ("~tel:...").
bool IsAnonymous(std::string_view customer_id);
// Known before anonymous, then by bytes: whose key comes first takes the others in.
bool KeyBefore(std::string_view a, std::string_view b);

// Home of an identity that several customers may have.
std::string HomeOfIdentity(std::string_view type, std::string_view value);
// Whether `home` may be of the type. One type of 4 billion looks like another.
bool IsHomeOfType(std::string_view home, std::string_view type);
// Whether homes of the two can't be told apart.
bool SameHomes(std::string_view type, std::string_view other);
// Home of what names one customer by id: a login.
std::string HomeOfCustomer(std::string_view customer_id);
bool IsHome(std::string_view id);
// The customer of such a home; empty when `home` is of another identity.
std::string_view NamedCustomer(std::string_view home);

// A customer or home as a step of a label's way.
uint64_t NodeOf(std::string_view id);

}  // namespace peakend::journey

#endif  // PEAKEND_PROCESSORS_JOURNEY_IDENTITY_KEY_H_
