#include "processors/cli/scenario_files.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <ostream>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "processors/cli/loaded_config.h"
#include "processors/cli/text_file.h"
#include "processors/scenarios/scenario_file.h"

namespace peakend::cli {
namespace {

namespace fs = std::filesystem;

runtime::Diagnostic Problem(std::string code, std::string message, std::string file) {
  runtime::Diagnostic diagnostic;
  diagnostic.code = std::move(code);
  diagnostic.message = std::move(message);
  diagnostic.file = std::move(file);
  return diagnostic;
}

runtime::Diagnostic Unreadable(const absl::Status& status, const std::string& path) {
  return Problem(absl::IsResourceExhausted(status) ? "PE0002" : "PE0001",
                 absl::StrCat("cannot read the file: ", std::string(status.message())), path);
}

bool HasScenarioName(const fs::path& path) {
  const std::string extension = path.extension().string();
  return extension == ".yaml" || extension == ".yml" || extension == ".json";
}

bool IsFolder(const std::string& path) {
  std::error_code error;
  return fs::is_directory(path, error);
}

std::vector<std::string> FilesOf(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error); !error && entry != fs::directory_iterator();
       entry.increment(error)) {
    std::error_code ignored;
    if (HasScenarioName(entry->path()) && entry->is_regular_file(ignored)) {
      files.push_back(entry->path().string());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

std::vector<std::string> WithFilesOfFolders(const std::vector<std::string>& paths) {
  std::vector<std::string> all;
  for (const std::string& path : paths) {
    const std::vector<std::string> files =
        IsFolder(path) ? FilesOf(path) : std::vector<std::string>{path};
    all.insert(all.end(), files.begin(), files.end());
  }
  return all;
}

std::optional<ScenarioFiles> FindScenarioFiles(const std::vector<std::string>& paths,
                                               Invocation& call, ExitCode* code) {
  ScenarioFiles found;
  *code = ExitCode::kConfigError;
  auto path = paths.begin();
  if (path != paths.end() && !IsFolder(*path)) {
    const absl::StatusOr<std::string> text = ReadTextFile(*path);
    if (!text.ok()) {
      PrintDiagnostics({Unreadable(text.status(), *path)}, call);
      return std::nullopt;
    }
    if (!scenarios::LooksLikeScenarios(*text)) found.policy = *path++;
  }
  if (path == paths.end()) {
    *call.err << "error: no scenarios are named\n"
              << "help: `" << paths[0] << "` holds no list, so it is the policy\n";
    *code = ExitCode::kUsage;
    return std::nullopt;
  }
  for (; path != paths.end(); ++path) {
    const std::vector<std::string> files = WithFilesOfFolders({*path});
    if (files.empty()) {
      PrintDiagnostics({Problem("PE0001", "no *.yaml, *.yml or *.json in the folder", *path)},
                       call);
      return std::nullopt;
    }
    found.files.insert(found.files.end(), files.begin(), files.end());
  }
  return found;
}

std::optional<std::vector<scenarios::Scenario>> ReadScenarios(const std::vector<std::string>& files,
                                                              Invocation& call) {
  std::vector<scenarios::Scenario> all;
  std::vector<runtime::Diagnostic> diagnostics;
  for (const std::string& path : files) {
    const absl::StatusOr<std::string> text = ReadTextFile(path);
    if (!text.ok()) {
      diagnostics.push_back(Unreadable(text.status(), path));
      continue;
    }
    scenarios::ScenarioFile file = scenarios::ReadScenarioFile(path, *text);
    std::move(file.scenarios.begin(), file.scenarios.end(), std::back_inserter(all));
    std::move(file.diagnostics.begin(), file.diagnostics.end(), std::back_inserter(diagnostics));
  }
  PrintDiagnostics(diagnostics, call);
  if (runtime::HasErrors(diagnostics)) return std::nullopt;
  return all;
}

std::string PolicyFileOf(const scenarios::Scenario& scenario, const std::string& fallback) {
  if (scenario.policy.empty()) return fallback;
  if (scenario.policy == "shipped") return "";
  return (fs::path(scenario.file).parent_path() / scenario.policy).lexically_normal().string();
}

}  // namespace peakend::cli
