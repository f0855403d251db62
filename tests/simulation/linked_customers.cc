#include "tests/simulation/linked_customers.h"

#include "absl/strings/str_cat.h"

namespace peakend::simulation {

void LinkCustomers(Linking linking, Random random, publish::Policy& policy) {
  if (linking == Linking::kNone) return;
  publish::Identities& identities = policy.identities.emplace();
  // The shortest time there is: twice or more in a run.
  identities.rules = {random.Percent(50), 1};
  const bool verified = random.Percent(50);
  identities.types = {{"customer"},
                      {"phone", verified, static_cast<size_t>(random.Draw(2, 4))},
                      {"device", false, static_cast<size_t>(random.Draw(2, 3))}};
  // With less, ids may be told anew where contacts come apart (docs/identity.md, section 6).
  policy.windows.max_contacts = journey::Windows().max_contacts;
  if (linking == Linking::kShort) return;
  // A guest of whom nothing can be amended is none.
  policy.windows.amend_window_ms = 100'000'000;
  if (linking == Linking::kLong) policy.windows.memory_ms = 1'000'000'000;
}

LinkedCustomers::LinkedCustomers(Linking linking, Random random) : random_(random) {
  const bool crowd = linking == Linking::kCrowd;
  customers_.resize(crowd ? 50 : 10);
  for (size_t i = 0; i < customers_.size(); ++i) {
    // Letters of chance, so that who is smaller does not follow from the number.
    const char letter = static_cast<char>('a' + random_.Draw(0, 25));
    const bool made_up = random_.Percent(crowd ? 95 : 60);
    customers_[i].customer_id = absl::StrCat(made_up ? "~" : "", std::string(1, letter), i);
  }
  for (Linked& customer : customers_) {
    if (crowd) {
      v1::Identity& login = customer.identities.emplace_back();
      login.set_type("customer");
      login.set_value("k0");
      if (random_.Percent(90)) continue;
    }
    for (int64_t i = random_.Draw(0, 3); i > 0; --i) {
      customer.identities.push_back(DrawIdentity());
    }
  }
}

v1::Identity LinkedCustomers::DrawIdentity() {
  v1::Identity identity;
  const int64_t what = random_.Draw(0, 9);
  if (what < 2) {
    identity.set_type("customer");
    const auto whom = static_cast<size_t>(random_.Draw(0, count() - 1));
    identity.set_value(random_.Percent(80) ? customers_[whom].customer_id : "k0");
  } else if (what < 6) {
    identity.set_type("phone");
    identity.set_value(absl::StrCat(random_.Draw(1, 4)));
    if (random_.Percent(75)) identity.set_verified(true);
  } else if (what < 9) {
    identity.set_type("device");
    identity.set_value(absl::StrCat(random_.Draw(1, 4)));
  } else {
    identity.set_type("household");
    identity.set_value("1");
  }
  if (random_.Percent(10)) identity.set_previous_value(absl::StrCat(random_.Draw(1, 4)));
  return identity;
}

void LinkedCustomers::Introduce(int64_t number, v1::Customer& customer) {
  const Linked& linked = customers_[static_cast<size_t>(number)];
  customer.set_customer_id(linked.customer_id);
  for (const v1::Identity& identity : linked.identities) {
    const bool login = identity.type() == "customer";
    if (random_.Percent(login ? 70 : 35)) *customer.add_identities() = identity;
  }
}

v1::InteractionEvent LinkedCustomers::SetApart() {
  v1::InteractionEvent event;
  event.set_tenant_id("acme");
  event.mutable_customer()->set_customer_id(
      customers_[static_cast<size_t>(random_.Draw(0, count() - 1))].customer_id);
  event.mutable_control()->mutable_identity()->mutable_unmerge();
  return event;
}

}  // namespace peakend::simulation
