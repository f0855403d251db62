// What the demo shows a person: lines of alerts, the table of journeys, the sums.
//
// Thread-safety: none.
#ifndef PEAKEND_PROCESSORS_CLI_DEMO_SCREEN_H_
#define PEAKEND_PROCESSORS_CLI_DEMO_SCREEN_H_

#include <cstddef>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "peakend/v1/alert.pb.h"
#include "peakend/v1/journey.pb.h"
#include "peakend/v1/policy.pb.h"
#include "processors/runtime/engine_stats.h"

namespace peakend::cli {

class DemoScreen {
 public:
  enum class Language { kEnglish, kChinese };
  struct Options {
    bool color = false;
    Language language = Language::kEnglish;
  };

  // Both must outlive the screen. Alerts get their text from the rules of `policy`.
  DemoScreen(std::ostream& out, const Options& options, const v1::Policy& policy);

  // A line as it is.
  void Say(std::string_view line);
  void AlertHeader();
  // One transition of an alert. What closes with its journey is not shown.
  void ShowAlert(const v1::Alert& alert);
  // The newest revision of each journey, the lowest score first, those without one
  // at the end.
  void ShowJourneys(const std::vector<v1::Journey>& rows);
  void ShowTotals(const runtime::EngineStats& stats, size_t records, size_t journeys);

 private:
  std::string Message(const v1::Alert& alert) const;
  std::string What(const v1::Alert& alert) const;
  // `text` in the colour `code` of a terminal, or as it is.
  std::string Colored(std::string_view code, const std::string& text) const;

  std::ostream& out_;
  const Options options_;
  const v1::Policy& policy_;
};

// The newest revision of each journey that was not withdrawn, sorted for a reader.
std::vector<v1::Journey> FinalJourneys(const std::vector<v1::Journey>& rows);

}  // namespace peakend::cli

#endif  // PEAKEND_PROCESSORS_CLI_DEMO_SCREEN_H_
