// `peakend load` as a person uses it: files, manifests, refusals; and onto a mock cluster.
#include "processors/cli/load_command.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "tests/load/load_call.h"

namespace peakend::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST_F(LoadCommandTest, AFileAndItsManifestAreTheSameWheneverTheyAreMade) {
  const std::vector<std::string> args = {"--rate", "50", "--duration", "20s", "--out"};
  const auto with = [&](const std::string& out) {
    std::vector<std::string> all = args;
    all.push_back(out);
    return all;
  };
  const Answer first = Ask(with(File("a.ndjson")));
  const Answer second = Ask(with(File("b.ndjson")));
  ASSERT_EQ(first.code, ExitCode::kOk) << first.err;
  EXPECT_EQ(first.out, second.out);
  const std::string events = TextOf(File("a.ndjson"));
  EXPECT_EQ(events, TextOf(File("b.ndjson")));
  const v1::LoadManifest manifest = Manifest(first.out);
  EXPECT_EQ(std::count(events.begin(), events.end(), '\n'),
            manifest.content().records() - manifest.content().bad_records());
  EXPECT_EQ(manifest.profile(), "smb");
  EXPECT_FALSE(manifest.has_delivery());
}

TEST_F(LoadCommandTest, OnStandardOutputTheManifestIsTalk) {
  const Answer answer = Ask({"--rate", "20", "--duration", "5s", "--out", "-"});
  ASSERT_EQ(answer.code, ExitCode::kOk);
  EXPECT_THAT(answer.out, HasSubstr("\"event_id\":\"l"));
  EXPECT_THAT(answer.err, HasSubstr("\"profile\":\"smb\""));
}

TEST_F(LoadCommandTest, ADryRunSaysWhatAFileWouldHold) {
  const Answer dry = Ask({"--rate", "50", "--duration", "20s", "--dry-run"});
  ASSERT_EQ(dry.code, ExitCode::kOk) << dry.err;
  const Answer file = Ask({"--rate", "50", "--duration", "20s", "--out", File("a.ndjson")});
  EXPECT_EQ(dry.out, file.out);
  EXPECT_THAT(dry.err, HasSubstr("s of CPU"));
}

TEST_F(LoadCommandTest, WhatIsExpectedIsInTheManifestOfWhoAsks) {
  std::vector<std::string> args = {"--rate", "60", "--duration", "3m", "--out", File("a")};
  const Answer unasked = Ask(args);
  ASSERT_EQ(unasked.code, ExitCode::kOk) << unasked.err;
  EXPECT_FALSE(Manifest(unasked.out).has_expected());
  args.back() = File("b");
  args.emplace_back("--expect");
  const Answer asked = Ask(args);
  ASSERT_EQ(asked.code, ExitCode::kOk) << asked.err;
  EXPECT_THAT(asked.err, HasSubstr("expected: "));
  v1::LoadManifest manifest = Manifest(asked.out);
  EXPECT_GT(manifest.expected().journeys(), 50);
  EXPECT_GT(manifest.expected().alerts(), 5);
  EXPECT_GT(manifest.expected().moments(), manifest.expected().journeys());
  EXPECT_EQ(manifest.expected().partitions(), 1);
  EXPECT_THAT(manifest.expected().policy_version(), HasSubstr("@"));
  // The load itself is what it was.
  manifest.clear_expected();
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(manifest, Manifest(unasked.out)));
  EXPECT_EQ(TextOf(File("a")), TextOf(File("b")));
}

TEST_F(LoadCommandTest, APolicyThatCannotBeReadIsSaidBeforeTheLoad) {
  const Answer answer =
      Ask({"--duration", "5s", "--out", File("a"), "--expect", "--policy", File("none.yaml")});
  EXPECT_EQ(answer.code, ExitCode::kConfigError);
  EXPECT_FALSE(std::filesystem::exists(File("a")));
  EXPECT_EQ(Ask({"--duration", "5s", "--out", "-", "--policy", File("none.yaml")}).code,
            ExitCode::kUsage);
}

TEST_F(LoadCommandTest, NothingIsOverwritten) {
  std::ofstream(File("there")) << "mine";
  const Answer events = Ask({"--duration", "5s", "--out", File("there")});
  EXPECT_EQ(events.code, ExitCode::kUsage);
  EXPECT_THAT(events.err, HasSubstr("there already"));
  const Answer manifest =
      Ask({"--duration", "5s", "--out", File("new"), "--manifest", File("there")});
  EXPECT_EQ(manifest.code, ExitCode::kUsage);
  EXPECT_EQ(TextOf(File("there")), "mine");
  EXPECT_FALSE(std::filesystem::exists(File("new")));
}

// A signal to this process, once `ready`: not to this thread, which must not take it.
std::thread Interrupt(std::function<bool()> ready) {
  return std::thread([ready = std::move(ready)] {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    const absl::Time end = absl::Now() + absl::Seconds(30);
    while (!ready() && absl::Now() < end) absl::SleepFor(absl::Milliseconds(1));
    kill(getpid(), SIGINT);
  });
}

TEST_F(LoadCommandTest, OfAFileThatWasInterruptedNothingIsLeftAndItCanBeMadeAgain) {
  // Of days, which no machine has written before the signal comes.
  const std::string draft = File("a") + ".part";
  std::thread impatient = Interrupt([&] { return std::filesystem::exists(draft); });
  const Answer stopped =
      Ask({"--rate", "200", "--duration", "240h", "--out", File("a"), "--manifest", File("m")});
  impatient.join();
  EXPECT_EQ(stopped.code, ExitCode::kForced) << stopped.err;
  EXPECT_THAT(stopped.err, AllOf(HasSubstr("stopped by a signal"), HasSubstr("nothing is left")));
  for (const std::string& name : {File("a"), draft, File("m")}) {
    EXPECT_FALSE(std::filesystem::exists(name)) << name;
  }
  EXPECT_EQ(Ask({"--duration", "5s", "--out", File("a"), "--manifest", File("m")}).code,
            ExitCode::kOk);
}

// A disk that takes no more than so many bytes of a file.
class SmallDisk {
 public:
  explicit SmallDisk(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit = {bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~SmallDisk() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  void (*const handler_)(int);
  rlimit before_ = {};
};

TEST_F(LoadCommandTest, OnAFullDiskNothingIsLeftAndItCanBeMadeAgain) {
  const std::vector<std::string> args = {"--rate", "200",     "--duration", "60s",
                                         "--out",  File("a"), "--manifest", File("m")};
  {
    const SmallDisk disk(100'000);
    const Answer full = Ask(args);
    EXPECT_EQ(full.code, ExitCode::kUnavailable);
    EXPECT_THAT(full.err, AllOf(HasSubstr("cannot write"), HasSubstr("nothing is left")));
  }
  for (const std::string& name : {File("a"), File("a.part"), File("m")}) {
    EXPECT_FALSE(std::filesystem::exists(name)) << name;
  }
  EXPECT_EQ(Ask(args).code, ExitCode::kOk);
}

TEST_F(LoadCommandTest, AManifestDoesNotTakeTheEventsPlace) {
  const Answer answer = Ask({"--duration", "5s", "--out", File("a"), "--manifest", File("a")});
  EXPECT_EQ(answer.code, ExitCode::kUsage);
  EXPECT_FALSE(std::filesystem::exists(File("a")));
}

TEST_F(LoadCommandTest, WhatStandsInTheWayOfADraftStaysAsItIs) {
  std::ofstream(File("a.part")) << "mine";
  const Answer manifest = Ask({"--duration", "5s", "--out", File("b"), "--manifest", File("a")});
  EXPECT_EQ(manifest.code, ExitCode::kUsage);
  EXPECT_THAT(manifest.err, HasSubstr("a.part` is there already"));
  EXPECT_EQ(Ask({"--duration", "5s", "--out", File("a")}).code, ExitCode::kUsage);
  EXPECT_EQ(TextOf(File("a.part")), "mine");
}

TEST_F(LoadCommandTest, TheProfileInFullReadsBackAsTheSame) {
  const Answer shown = Ask({"--preset", "adversarial", "--show-profile"});
  ASSERT_EQ(shown.code, ExitCode::kOk);
  std::ofstream(File("p.yaml")) << shown.out;
  const auto digest = [](const Answer& answer) { return Manifest(answer.err).profile_digest(); };
  const Answer preset = Ask({"--preset", "adversarial", "--duration", "1s", "--out", "-"});
  const Answer file = Ask({"--profile", File("p.yaml"), "--duration", "1s", "--out", "-"});
  ASSERT_EQ(file.code, ExitCode::kOk) << file.err;
  EXPECT_THAT(preset.err, HasSubstr("bad records left out"));
  const auto manifest_line = [](const std::string& err) { return err.substr(err.find('{')); };
  EXPECT_EQ(digest({ExitCode::kOk, "", manifest_line(file.err)}),
            digest({ExitCode::kOk, "", manifest_line(preset.err)}));
}

TEST_F(LoadCommandTest, WhatCannotBeIsSaid) {
  std::ofstream(File("bad.yaml")) << "queues: {voise: 1}\n";
  const struct {
    std::vector<std::string> args;
    const char* problem;
  } cases[] = {
      {{"--preset", "telko"}, "there is no preset `telko`"},
      {{"--profile", File("none.yaml")}, "cannot read"},
      {{"--profile", File("bad.yaml")}, "did you mean `voice`"},
      {{"--rate", "0"}, "--rate cannot be `0`"},
      {{"--rate", "nan"}, "--rate cannot be"},
      {{"--rate", "1e12"}, "not above"},
      {{"--duration", "60"}, "such as 90s"},
      {{"--duration", "-5s"}, "such as 90s"},
      {{"--speed", "x"}, "--speed cannot be"},
      {{"--shard", "5/4"}, "I/N"},
      {{"--shard", "0/4"}, "I/N"},
      {{"--start", "yesterday"}, "a time such as"},
      {{"--warm-up", "-1s"}, "--warm-up cannot be"},
      {{"--duration", "5s", "--warm-up", "5s"}, "shorter than --duration"},
  };
  for (const auto& wrong : cases) {
    std::vector<std::string> args = wrong.args;
    args.insert(args.end(), {"--out", "-"});
    const Answer answer = Ask(args);
    EXPECT_EQ(answer.code, ExitCode::kUsage) << wrong.problem;
    EXPECT_THAT(answer.err, HasSubstr(wrong.problem));
    EXPECT_THAT(answer.out, IsEmpty());
  }
}

TEST_F(LoadOntoKafkaTest, TheTopicHoldsWhatTheManifestsOfAllShardsSay) {
  std::vector<std::string> check = {"--check"};
  for (const char* shard : {"1/2", "2/2"}) {
    const std::string manifest = File(std::string("m") + shard[0] + ".json");
    // However late the machine is, it is not what is tested here.
    const Answer sent =
        Load({"--rate", "300", "--duration", "2s", "--shard", shard, "--append", "--no-alerts",
              "--most-late", "1h", "--manifest", manifest, "--expect"});
    EXPECT_THAT(sent.err, HasSubstr("records in"));
    const v1::LoadManifest told = Manifest(TextOf(manifest));
    EXPECT_EQ(told.delivery().delivered(), told.content().records());
    EXPECT_EQ(told.delivery().refused(), 0);
    EXPECT_GT(told.content().records(), 100);
    EXPECT_EQ(told.expected().partitions(), 3);
    EXPECT_GT(told.expected().journeys(), 0);
    check.push_back(manifest);
  }
  const Answer same = Load(check);
  EXPECT_EQ(same.code, ExitCode::kOk) << same.out << same.err;
  EXPECT_THAT(same.out, HasSubstr("the topic holds the load"));
  // One shard alone is not all of it, and says so.
  check.pop_back();
  const Answer half = Load(check);
  EXPECT_EQ(half.code, ExitCode::kUsage);
  EXPECT_THAT(half.err, HasSubstr("1 shards of 2"));
}

TEST_F(LoadOntoKafkaTest, ATopicWithOtherContentIsRefusedAndFound) {
  const std::vector<std::string> args = {"--rate",      "100",         "--duration", "1s",
                                         "--no-alerts", "--most-late", "1h",         "--manifest"};
  const auto with = [&](const std::string& manifest) {
    std::vector<std::string> all = args;
    all.push_back(File(manifest));
    return all;
  };
  Load(with("first.json"));
  const Answer second = Load(with("second.json"));
  EXPECT_EQ(second.code, ExitCode::kUsage);
  EXPECT_THAT(second.err, AllOf(HasSubstr("holds"), HasSubstr("--append")));
  std::vector<std::string> more = with("second.json");
  more.insert(more.end(), {"--append", "--seed", "2"});
  Load(more);
  const Answer differs = Load({"--check", File("first.json")});
  EXPECT_EQ(differs.code, ExitCode::kChecksFailed);
  EXPECT_THAT(differs.out, AllOf(HasSubstr("records: "), HasSubstr("digest: ")));
  const Answer two = Load({"--check", File("first.json"), File("second.json")});
  EXPECT_EQ(two.code, ExitCode::kUsage);
  EXPECT_THAT(two.err, HasSubstr("of another load"));
}

TEST_F(LoadOntoKafkaTest, AManifestOfAnotherSeedOrBeginningIsSaidToBeThat) {
  const auto with = [](std::vector<std::string> more) {
    std::vector<std::string> all = {"--rate",      "100",         "--duration", "2s",
                                    "--no-alerts", "--most-late", "1h"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  };
  const std::string monday = "2026-01-05T09:00:00Z";
  const std::string tuesday = "2026-01-06T09:00:00Z";
  Load(with({"--start", monday, "--seed", "2", "--manifest", File("sent")}));
  EXPECT_EQ(Load({"--check", File("sent")}).code, ExitCode::kOk);

  Ask(with({"--start", monday, "--dry-run", "--manifest", File("seed")}));
  const Answer seed = Load({"--check", File("seed")});
  EXPECT_EQ(seed.code, ExitCode::kChecksFailed);
  EXPECT_THAT(seed.out, AllOf(HasSubstr("another seed"), HasSubstr("seed 1, profile smb at 100")));

  Ask(with({"--start", tuesday, "--seed", "2", "--dry-run", "--manifest", File("start")}));
  const Answer start = Load({"--check", File("start")});
  EXPECT_EQ(start.code, ExitCode::kChecksFailed);
  EXPECT_THAT(start.out, AllOf(HasSubstr("of seed 2 as well"), HasSubstr("another time")));
}

TEST_F(LoadCommandTest, TheHelpSaysWhatPassesOnTheWallAndWhatIsThereWithoutAPreset) {
  const Answer help = Ask({"--help"});
  EXPECT_EQ(help.code, ExitCode::kOk);
  EXPECT_THAT(help.out, AllOf(HasSubstr("rate x speed"), HasSubstr("it is smb, about 2 events")));
}

TEST_F(LoadOntoKafkaTest, WithoutAClusterItSaysSo) {
  const Answer answer = Ask({"--duration", "1s", "-X", "kafka.bootstrap_servers=127.0.0.1:1"});
  EXPECT_EQ(answer.code, ExitCode::kUnavailable);
  EXPECT_THAT(answer.err, HasSubstr("127.0.0.1:1"));
}

}  // namespace
}  // namespace peakend::cli
