// The simulation is deterministic, kept plans stay good, and mistakes are caught.
#include "tests/simulation/simulation.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "processors/runtime/mutation.h"
#include "tests/simulation/campaign.h"

namespace peakend::simulation {
namespace {

using runtime::Mutation;

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

TEST(SimulationTest, ThePlanDecidesEverything) {
  for (uint64_t seed = 0; seed < 10; ++seed) {
    const Plan plan = DrawPlan(seed, {});
    EXPECT_EQ(Simulation(plan).Run().digest, Simulation(plan).Run().digest) << seed;
  }
  EXPECT_NE(Simulation(DrawPlan(1, {})).Run().digest, Simulation(DrawPlan(2, {})).Run().digest);
}

TEST(SimulationTest, TheSinkAloneIsExactlyOnce) {
  CampaignResult result;
  const PlanLimits limits{Pipeline::kCopy, 0, {}};
  for (uint64_t seed = 0; seed < 200; ++seed) {
    ASSERT_TRUE(RunSeed(seed, limits, &result).violations.empty()) << Explain(seed, limits);
  }
  EXPECT_GT(result.coverage.unknown_outcomes, 0);
  EXPECT_GT(result.coverage.aborts, 0);
}

TEST(SimulationTest, PlansThatFailedOnceStayGood) {
  for (const auto& entry : std::filesystem::directory_iterator("tests/simulation/plans")) {
    if (entry.path().extension() != ".plan") continue;
    const absl::StatusOr<Plan> plan = PlanFromText(ReadFile(entry.path()));
    ASSERT_TRUE(plan.ok()) << entry.path() << plan.status();
    for (const std::string& violation : Simulation(*plan).Run().violations) {
      ADD_FAILURE() << entry.path() << ": " << violation;
    }
  }
}

class MutantTest : public testing::TestWithParam<Mutation> {
 protected:
  void TearDown() override { runtime::ChosenMutation() = Mutation::kNone; }
};

constexpr uint64_t kMostSeeds = 2000;

// About one plan of 1,500 has a request without an answer where reusing the producer does harm.
uint64_t FirstSeedFor(Mutation mutation) { return mutation == Mutation::kReuseEpoch ? 20'440 : 0; }

std::string NameOf(const testing::TestParamInfo<Mutation>& mutant) {
  return std::string(runtime::kMutationNames[static_cast<size_t>(mutant.param)]);
}

TEST_P(MutantTest, IsCaught) {
  runtime::ChosenMutation() = GetParam();
  CampaignResult result;
  const uint64_t first = FirstSeedFor(GetParam());
  for (uint64_t seed = first; seed < first + kMostSeeds && result.failed_seeds.empty(); ++seed) {
    RunSeed(seed, {}, &result);
  }
  EXPECT_FALSE(result.failed_seeds.empty()) << "after " << result.seeds << " seeds";
}

// A mistake in the protocol, which whoever recomputes the outputs makes as well.
class ProtocolTest : public MutantTest {};

TEST_P(ProtocolTest, MistakeOfAllIsCaught) {
  runtime::ChosenMutation() = GetParam();
  bool caught = false;
  for (uint64_t seed = 0; seed < kMostSeeds && !caught; ++seed) {
    const Plan plan = DrawPlan(seed, {Pipeline::kEngine, 0, Linking::kLong});
    Simulation simulation(plan);
    simulation.LetJudgeErr();
    caught = !simulation.Run().violations.empty();
  }
  EXPECT_TRUE(caught);
}

INSTANTIATE_TEST_SUITE_P(All, MutantTest,
                         testing::Values(Mutation::kSkipChangelogRecord,
                                         Mutation::kCommitBeforeFlush, Mutation::kDropOnRevoke,
                                         Mutation::kDoubleAlert, Mutation::kForgetAbort,
                                         Mutation::kReuseEpoch, Mutation::kLoseTimer,
                                         Mutation::kOffByOneOffset, Mutation::kLowWaterMarkTooHigh,
                                         Mutation::kAppliedNotChecked, Mutation::kStubDroppedEarly,
                                         Mutation::kClockInStep, Mutation::kDirtyMarkLost,
                                         Mutation::kSnapshotAhead, Mutation::kSnapshotOnly,
                                         Mutation::kForgetByDestination, Mutation::kKeepLocal,
                                         Mutation::kNoBounce, Mutation::kRowVersionLost,
                                         Mutation::kClockByForwarded, Mutation::kPolicyNotRestored),
                         NameOf);

INSTANTIATE_TEST_SUITE_P(All, ProtocolTest,
                         testing::Values(Mutation::kKeepLocal, Mutation::kNoBounce,
                                         Mutation::kRowVersionLost, Mutation::kClockByForwarded),
                         NameOf);

}  // namespace
}  // namespace peakend::simulation
