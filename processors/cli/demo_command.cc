#include "processors/cli/demo_command.h"

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "processors/cli/demo_run.h"

namespace peakend::cli {

Command DemoCommand() {
  return {.name = "demo",
          .summary = "Show a contact center's day on an embedded broker",
          .examples =
              "peakend demo\n"
              "peakend demo --language zh\n"
              "NO_COLOR=1 peakend demo > day.txt\n",
          .setup = [](CLI::App& app) -> Action {
            auto language = std::make_shared<std::string>("en");
            app.add_option("--language", *language, "Language of the alerts' text")
                ->check(CLI::IsMember({"en", "zh"}))
                ->capture_default_str();
            return [language](Invocation& call) {
              DemoOptions options;
              if (*language == "zh") options.language = DemoScreen::Language::kChinese;
              return RunDemo(options, call);
            };
          }};
}

}  // namespace peakend::cli
