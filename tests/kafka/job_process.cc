#include "tests/kafka/job_process.h"

#include <arpa/inet.h>
#include <google/protobuf/util/delimited_message_util.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <sstream>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "tests/kafka/kafka_cluster.h"

namespace peakend::runtime {
namespace {

constexpr char kProgram[] = PEAKEND_PROGRAM;

std::vector<std::string> Arguments(const v1::Config& config,
                                   const std::vector<std::string>& settings) {
  std::vector<std::string> all = ClusterSettings(config);
  // Tests write old events in parts: between them time must stand.
  for (const char* setting : {"kafka.session_timeout=6s", "kafka.transaction_timeout=4s",
                              "worker.tick_interval=1d", "admin.port=0", "log.format=json"}) {
    all.emplace_back(setting);
  }
  all.insert(all.end(), settings.begin(), settings.end());
  std::vector<std::string> arguments = {"run"};
  for (const std::string& setting : all) arguments.insert(arguments.end(), {"-X", setting});
  return arguments;
}

// The text between `before` and the next `after`; empty = not there.
std::string Between(std::string_view text, std::string_view before, std::string_view after) {
  const size_t begin = text.find(before);
  if (begin == std::string_view::npos) return "";
  text.remove_prefix(begin + before.size());
  const size_t end = text.find(after);
  return end == std::string_view::npos ? "" : std::string(text.substr(0, end));
}

std::string Ask(uint16_t port, const std::string& request) {
  const int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string answer;
  if (connect(connection, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0 &&
      send(connection, request.data(), request.size(), MSG_NOSIGNAL) ==
          static_cast<ssize_t>(request.size())) {
    std::array<char, 65536> buffer;
    ssize_t size = 0;
    while ((size = read(connection, buffer.data(), buffer.size())) > 0) {
      answer.append(buffer.data(), static_cast<size_t>(size));
    }
  }
  close(connection);
  return answer;
}

std::string Delimited(const std::vector<v1::InteractionEvent>& events) {
  std::ostringstream bytes;
  for (const v1::InteractionEvent& event : events) {
    google::protobuf::util::SerializeDelimitedToOstream(event, &bytes);
  }
  return bytes.str();
}

}  // namespace

bool Eventually(const std::function<bool()>& fact, absl::Duration limit) {
  const absl::Time deadline = absl::Now() + limit;
  while (!fact()) {
    if (absl::Now() >= deadline) return false;
    absl::SleepFor(absl::Milliseconds(20));
  }
  return true;
}

JobProcess::JobProcess(const v1::Config& config, const std::vector<std::string>& settings)
    : process_(kProgram, Arguments(config, settings)) {}

std::vector<std::string> JobProcess::LogLines(std::string_view part) const {
  std::vector<std::string> lines;
  for (const auto line : absl::StrSplit(log(), '\n')) {
    if (absl::StrContains(line, absl::string_view(part.data(), part.size()))) {
      lines.emplace_back(line);
    }
  }
  return lines;
}

HttpAnswer JobProcess::Get(const std::string& path) const {
  return Request(absl::StrCat("GET ", path, " HTTP/1.1\r\n"));
}

HttpAnswer JobProcess::Post(const std::string& path) const {
  return Request(absl::StrCat("POST ", path, " HTTP/1.1\r\nContent-Length: 0\r\n"));
}

HttpAnswer JobProcess::Request(const std::string& line) const {
  int port = 0;
  if (!absl::SimpleAtoi(Between(log(), "\"address\":\"127.0.0.1:", "\""), &port)) return {};
  const std::string text = Ask(static_cast<uint16_t>(port),
                               absl::StrCat(line, "Host: test\r\n", "Connection: close\r\n\r\n"));
  HttpAnswer answer;
  const size_t body = text.find("\r\n\r\n");
  if (body == std::string::npos) return {};
  if (!absl::SimpleAtoi(Between(text, " ", " "), &answer.status)) return {};
  answer.body = text.substr(body + 4);
  return answer;
}

int64_t JobProcess::Metric(const std::string& name, const std::string& label) const {
  double sum = 0;
  const HttpAnswer answer = Get("/metrics");
  for (const auto line : absl::StrSplit(answer.body, '\n')) {
    const std::vector<absl::string_view> words = absl::StrSplit(line, ' ');
    const bool named = words[0] == name || absl::StartsWith(words[0], name + "{");
    double value = 0;
    if (named && absl::StrContains(words[0], label) && absl::SimpleAtod(words.back(), &value)) {
      sum += value;
    }
  }
  return static_cast<int64_t>(sum);
}

int64_t JobProcess::Processed() const { return Metric("peakend_events_total"); }

std::optional<int> JobProcess::Stop() {
  process_.Signal(SIGTERM);
  return process_.Wait(absl::Minutes(1));
}

void Produce(const v1::Config& config, const std::vector<v1::InteractionEvent>& events) {
  std::vector<std::string> arguments = {"produce", "-", "--format", "binary", "--quiet"};
  for (const std::string& setting : ClusterSettings(config)) {
    arguments.insert(arguments.end(), {"-X", setting});
  }
  ChildProcess process(kProgram, arguments, Delimited(events));
  EXPECT_EQ(process.Wait(absl::Minutes(1)), 0) << process.Err();
}

std::string FileMode(const std::vector<v1::InteractionEvent>& events, int partitions,
                     const std::string& policy) {
  std::vector<std::string> arguments = {
      "run",      "--input", "-",       "--format",     "binary",
      "--output", "-",       "--quiet", "--partitions", std::to_string(partitions)};
  if (!policy.empty()) arguments.insert(arguments.end(), {"--policy", policy});
  ChildProcess process(kProgram, arguments, Delimited(events));
  const std::optional<int> ended = process.Wait(absl::Minutes(1));
  std::string lines = process.Out();
  constexpr int kSomeAreRejected = 65;
  EXPECT_EQ(ended,
            absl::StrContains(lines, "{\"topic\":\"rejected-records\"") ? kSomeAreRejected : 0)
      << process.Err();
  return lines;
}

}  // namespace peakend::runtime
