#include "processors/publish/customer_inspection.h"

#include <gtest/gtest.h>

#include <string>

#include "google/protobuf/text_format.h"
#include "peakend/v1/customer_state.pb.h"

namespace peakend::publish {
namespace {

v1::CustomerState Record(const std::string& text) {
  v1::CustomerState record;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
      "format: 1 applied: 41 digest: 0xab tenant_bytes: 4 " + text, &record));
  return record;
}

v1::CustomerInspection Inspect(const std::string& text) {
  const auto customer = InspectCustomer("acme/c1", Record(text).SerializeAsString());
  EXPECT_TRUE(customer.ok()) << customer.status();
  return customer.ok() ? *customer : v1::CustomerInspection();
}

TEST(CustomerInspection, TellsOpenIdleAndGone) {
  EXPECT_EQ(Inspect("last_event_ms: 5 open {}").status(), "open");
  EXPECT_EQ(Inspect("last_event_ms: 5").status(), "idle");
  EXPECT_EQ(Inspect("gone: true").status(), "gone");
}

TEST(CustomerInspection, ShowsWhatIsKnownOfAnIdleCustomer) {
  const v1::CustomerInspection customer =
      Inspect("last_event_ms: 5 previous_journey { high: 1 low: 2 }");
  EXPECT_EQ(customer.tenant_id(), "acme");
  EXPECT_EQ(customer.customer_id(), "c1");
  EXPECT_EQ(customer.applied_offset(), 41);
  EXPECT_EQ(customer.digest(), "00000000000000ab");
  EXPECT_EQ(customer.last_event_at_ms(), 5);
  EXPECT_FALSE(customer.has_wake_at_ms());
  EXPECT_EQ(customer.previous_journey_id(), "00000000000000010000000000000002");
}

TEST(CustomerInspection, ShowsWhomACustomerBelongsToAndWhoBelongsToThem) {
  const v1::CustomerInspection customer = Inspect(R"pb(
    links {
      links {
        home: "/i/1"
        label { customer_id: "a" way: 1 }
      }
      links { home: "/i/2" shared: true }
      label { customer_id: "a" way: 1 way: 2 }
    }
    host_id: "a"
    recalled: true
    open {
      absorbed: 4
      guests {
        origin: "g"
        contacts {
          contacts {
            first { at_ms: 10 }
            last { at_ms: 30 }
            event_count: 3
          }
        }
      }
      guests { origin: "h" left: true }
    }
  )pb");
  const v1::IdentityInspection& identity = customer.identity();
  ASSERT_EQ(identity.links_size(), 2);
  EXPECT_EQ(identity.links(0).label(), "a");
  EXPECT_TRUE(identity.links(1).shared());
  EXPECT_EQ(identity.label(), "a");
  EXPECT_EQ(identity.host_id(), "a");
  EXPECT_TRUE(identity.recalled());
  ASSERT_EQ(customer.guests_size(), 2);
  EXPECT_EQ(customer.guests(0).contacts(0).event_count(), 3);
  EXPECT_TRUE(customer.guests(1).left());
  EXPECT_EQ(customer.absorbed_guests(), 4);
  EXPECT_FALSE(Inspect("last_event_ms: 5").has_identity());
}

TEST(CustomerInspection, ShowsTheHomeOfAnIdentity) {
  const v1::CustomerInspection home = Inspect(R"pb(home {
                                                     members { customer_id: "a" }
                                                     members { customer_id: "b" }
                                                   })pb");
  EXPECT_EQ(home.identity().customers(), 2);
  EXPECT_TRUE(Inspect("home { shared: true }").identity().shared());
}

TEST(CustomerInspection, ShowsContactsAlertsAndRows) {
  const v1::CustomerInspection customer = Inspect(R"pb(
    wake_ms: 90
    open {
      contacts {
        contacts {
          contact_id: "k"
          channel: 2
          first { at_ms: 10 }
          last { at_ms: 30 }
          event_count: 3
          ended_at_ms: 30
          queue {
            at { at_ms: 10 }
            name: "billing"
          }
          impressions {
            latest { at_ms: 10 event_id: "a" valence: 500000000 }
            latest { at_ms: 20 event_id: "b" valence: -750000000 }
          }
          tallies { kind: 4 count: 2 amount: 9000 }
          tallies { kind: 5 count: 3 }
        }
        seen { young: 1 young: 2 old: 3 }
      }
      alerts {
        rule: "negative_peak"
        state: FOLLOW_UP
        row_version: 2
        raised { at_ms: 20 }
        value: -750000000
        follow_up_due_at_ms: 99
        snoozed_until_ms: 25
      }
      alerts {
        rule: "waiting"
        state: SNOOZED
        row_version: 3
        raised { at_ms: 21 }
        snoozed_until_ms: 77
      }
      rows {
        first { at_ms: 10 }
        contact { high: 1 low: 1 }
        rows { kind: PEAK_NEGATIVE version: 2 }
      }
      rows {
        first { at_ms: 10 }
        rows { version: 1 }
      }
      open_journeys: 1
    })pb");
  EXPECT_EQ(customer.wake_at_ms(), 90);
  EXPECT_EQ(customer.open_journeys(), 1);
  EXPECT_EQ(customer.known_events(), 3);
  ASSERT_EQ(customer.contacts_size(), 1);
  const v1::ContactInspection& contact = customer.contacts(0);
  EXPECT_EQ(contact.contact_id(), "k");
  EXPECT_EQ(contact.last_event_at_ms(), 30);
  EXPECT_EQ(contact.queue_id(), "billing");
  EXPECT_EQ(contact.impressions().count(), 2);
  EXPECT_EQ(contact.impressions().sum(), -0.25);
  EXPECT_EQ(contact.impressions().worst(), -0.75);
  ASSERT_EQ(contact.tallies_size(), 2);
  EXPECT_EQ(contact.tallies(0).kind(), "hold_ended");
  EXPECT_EQ(contact.tallies(0).amount(), 9000);
  EXPECT_EQ(contact.tallies(1).kind(), "transferred");
  EXPECT_EQ(contact.tallies(1).count(), 3);
  EXPECT_FALSE(contact.tallies(1).has_amount());
  ASSERT_EQ(customer.alerts_size(), 2);
  EXPECT_EQ(customer.alerts(0).state(), "FOLLOW_UP");
  EXPECT_EQ(customer.alerts(0).row_version(), 2);
  EXPECT_EQ(customer.alerts(0).value(), -0.75);
  EXPECT_FALSE(customer.alerts(0).has_snoozed_until_ms());
  EXPECT_EQ(customer.alerts(1).snoozed_until_ms(), 77);
  ASSERT_EQ(customer.rows_size(), 2);
  EXPECT_EQ(customer.rows(0).about(), "contact");
  EXPECT_EQ(customer.rows(0).rows(0).kind(), "PEAK_NEGATIVE");
  EXPECT_EQ(customer.rows(1).about(), "journey");
  EXPECT_EQ(customer.rows(1).rows(0).kind(), "JOURNEY");
}

// More impressions than are kept one by one: the sums of all, the worst of the kept.
TEST(CustomerInspection, CountsImpressionsThatAreNoLongerKept) {
  std::string impressions;
  for (int i = 0; i < 32; ++i) impressions += "latest { at_ms: 9 valence: 100000000 } ";
  impressions += "earlier { count: 40 sum: -1000000000 strongest_negative { valence: -900000000 } ";
  for (int i = 0; i < 16; ++i) impressions += "earliest { valence: 100000000 } ";
  const v1::CustomerInspection customer = Inspect(
      "open { contacts { contacts { first { at_ms: 1 } last { at_ms: 9 } event_count: 40 "
      "impressions { " +
      impressions + "} } } } }");
  ASSERT_EQ(customer.contacts_size(), 1);
  EXPECT_EQ(customer.contacts(0).impressions().count(), 40);
  EXPECT_EQ(customer.contacts(0).impressions().sum(), -1);
  EXPECT_EQ(customer.contacts(0).impressions().worst(), -0.9);
}

TEST(CustomerInspection, RefusesDamageAndNewerFormats) {
  EXPECT_EQ(InspectCustomer("acme/c1", "\x0a").status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(InspectCustomer("acme", Record("").SerializeAsString()).status().code(),
            absl::StatusCode::kDataLoss);
  v1::CustomerState newer = Record("");
  newer.set_format(99);
  EXPECT_EQ(InspectCustomer("acme/c1", newer.SerializeAsString()).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST(ProgressInspection, ShowsWhereAPartitionStands) {
  v1::ProgressRecord record;
  record.set_partition(3);
  record.set_committed_offset(20);
  record.set_low_water_mark(18);
  record.set_digest(1);
  const v1::ProgressInspection progress = InspectProgress(record);
  EXPECT_EQ(progress.partition(), 3);
  EXPECT_EQ(progress.committed_offset(), 20);
  EXPECT_EQ(progress.low_water_mark(), 18);
  EXPECT_FALSE(progress.has_clock_ms());
  EXPECT_EQ(progress.digest(), "0000000000000001");
}

}  // namespace
}  // namespace peakend::publish
