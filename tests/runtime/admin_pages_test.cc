// What stands behind which path and method of the admin port; customers' pages have a test of
// their own.
#include "processors/runtime/admin_pages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace peakend::runtime {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class AdminPagesTest : public testing::Test {
 protected:
  AdminPagesTest() {
    pages_.reload = [this](bool strict, std::function<void(AdminAnswer)> on_done) {
      asked_.push_back(strict);
      if (full_) return false;
      on_done({200, "application/json", "{}"});
      return true;
    };
  }
  AdminAnswer Ask(std::string_view method, std::string_view target) {
    return AnswerTo(pages_, method, target, absl::UnixEpoch(),
                    [this](const std::function<AdminAnswer()>& make) { later_ = make(); });
  }

  AdminPages pages_;
  std::vector<bool> asked_;
  bool full_ = false;
  std::optional<AdminAnswer> later_;
};

TEST_F(AdminPagesTest, AReloadIsAnsweredWhenItIsDone) {
  const AdminAnswer first = Ask("POST", "/-/reload");
  EXPECT_EQ(first.status, 202) << "what whoever does not wait gets";
  EXPECT_TRUE(first.provisional);
  ASSERT_TRUE(later_.has_value());
  EXPECT_EQ(later_->status, 200);
  EXPECT_THAT(asked_, ElementsAre(false));
}

TEST_F(AdminPagesTest, AReloadMayTakeNoWarnings) {
  Ask("POST", "/-/reload?strict=true");
  EXPECT_THAT(asked_, ElementsAre(true));
}

TEST_F(AdminPagesTest, TooManyReloadsAreTurnedAway) {
  full_ = true;
  const AdminAnswer answer = Ask("POST", "/-/reload");
  EXPECT_EQ(answer.status, 503);
  EXPECT_FALSE(answer.provisional);
}

TEST_F(AdminPagesTest, NobodyReloadsByLooking) {
  const AdminAnswer answer = Ask("GET", "/-/reload");
  EXPECT_EQ(answer.status, 405);
  EXPECT_EQ(answer.allow, "POST");
  EXPECT_TRUE(asked_.empty());
  EXPECT_EQ(Ask("POST", "/version").status, 405);
  EXPECT_EQ(Ask("POST", "/version").allow, "GET, HEAD");
}

TEST_F(AdminPagesTest, AReloadIsOffUnlessTurnedOn) {
  pages_.reload = nullptr;
  const AdminAnswer answer = Ask("POST", "/-/reload");
  EXPECT_EQ(answer.status, 404);
  EXPECT_THAT(answer.body, HasSubstr("admin.reload: true"));
}

TEST_F(AdminPagesTest, WhoeverAsksForNothingThatIsThereGetsTheList) {
  const AdminAnswer answer = Ask("GET", "/nowhere");
  EXPECT_EQ(answer.status, 404);
  EXPECT_THAT(answer.body, HasSubstr("/metrics\n"));
  EXPECT_THAT(answer.body, HasSubstr("POST /-/reload\n"));
}

}  // namespace
}  // namespace peakend::runtime
