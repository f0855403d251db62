#include "processors/cli/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <map>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "processors/cli/command_help.h"
#include "processors/runtime/config/nearest_name.h"

namespace peakend::cli {
namespace {

struct Node {
  const Command* command = nullptr;
  CLI::App* app = nullptr;
  std::string path;  // as typed, e.g. "peakend config show"
  Action action;
  std::vector<Node> children;
};

void AddCommonFlags(bool takes_config, CLI::App& app, Invocation& call) {
  if (takes_config) {
    app.add_option("--config", call.config_file, "Configuration file (YAML)")->type_name("FILE");
    app.add_option("-X", call.overrides, "Set one field, e.g. -X kafka.group_id=test; repeatable")
        ->type_name("KEY=VALUE")
        ->expected(1)
        ->take_all();
  }
  app.add_flag("-q,--quiet", call.quiet, "Only errors on standard error");
  app.add_flag("-v,--verbose", call.verbosity, "Say more; twice for even more");
  app.set_help_flag("-h,--help", "This text");
}

void Build(Node& node, Invocation& call) {
  for (const Command& child : node.command->subcommands) {
    node.children.push_back({.command = &child,
                             .app = node.app->add_subcommand(child.name, child.summary),
                             .path = node.path + " " + child.name,
                             .action = nullptr,
                             .children = {}});
    Build(node.children.back(), call);
  }
  if (node.command->setup) node.action = node.command->setup(*node.app);
  AddCommonFlags(node.command->takes_config, *node.app, call);
}

const Node* FindChild(const Node& node, const std::string& name) {
  for (const Node& child : node.children) {
    if (child.command->name == name) return &child;
  }
  return nullptr;
}

// Says on `err` what is wrong with the call, in the form of all our errors.
ExitCode UsageError(const std::string& message, const std::string& help, const Node& node,
                    Invocation& call) {
  *call.err << (call.color_err ? "\x1b[1;31merror\x1b[0m: " : "error: ") << message << "\n";
  if (!help.empty()) *call.err << "help: " << help << "\n";
  *call.err << "see `" << node.path << " --help`\n";
  return ExitCode::kUsage;
}

std::string DidYouMean(const std::string& typed, const std::vector<std::string>& candidates) {
  const std::string nearest = runtime::NearestName(typed, candidates);
  return nearest.empty() ? "" : "did you mean `" + nearest + "`?";
}

ExitCode UnknownCommand(const Node& node, const std::string& typed, Invocation& call) {
  std::vector<std::string> names;
  for (const Node& child : node.children) names.push_back(child.command->name);
  return UsageError("unknown command `" + typed + "`", DidYouMean(typed, names), node, call);
}

ExitCode UnknownArgument(const Node& node, const std::string& typed, Invocation& call) {
  if (typed.size() < 2 || typed[0] != '-') {
    return UsageError("unexpected argument `" + typed + "`", "", node, call);
  }
  const std::string flag = typed.substr(0, typed.find('='));
  std::vector<std::string> names;
  for (const CLI::Option* option : node.app->get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return UsageError("unknown flag `" + flag + "`", DidYouMean(flag, names), node, call);
}

// Descends along the leading command names; `args` keeps all of them. Null when
// an unknown one was answered.
const Node* Select(const Node& root, const std::vector<std::string>& args, Invocation& call) {
  const Node* node = &root;
  for (const std::string& arg : args) {
    if (node->children.empty()) break;
    if (!arg.empty() && arg[0] == '-') continue;  // before the command only flags without value
    const Node* child = FindChild(*node, arg);
    if (child == nullptr) {
      UnknownCommand(*node, arg, call);
      return nullptr;
    }
    node = child;
  }
  return node;
}

// A word; the name of an argument, in capitals, stays.
std::string LowerFirst(std::string text) {
  if (text.size() > 1 && absl::ascii_isupper(text[0]) && absl::ascii_islower(text[1])) {
    text[0] = absl::ascii_tolower(text[0]);
  }
  while (!text.empty() && (text.back() == '.' || text.back() == '\n')) text.pop_back();
  return text;
}

ExitCode Run(const Node& node, Invocation& call) {
  if (node.action) return node.action(call);
  *call.err << CommandHelp(*node.command, *node.app, node.path);
  return ExitCode::kUsage;
}

}  // namespace

ExitCode RunCommandLine(const std::vector<Command>& commands, std::vector<std::string> args,
                        Invocation base) {
  const Command root_command = {
      .name = "peakend",
      .summary = "Finds the moments of a customer's journey that will be remembered",
      .subcommands = commands};
  CLI::App app;
  Node root = {
      .command = &root_command, .app = &app, .path = "peakend", .action = nullptr, .children = {}};
  try {
    Build(root, base);
    const Node* node = Select(root, args, base);
    if (node == nullptr) return ExitCode::kUsage;
    try {
      std::vector<std::string> reversed(args.rbegin(), args.rend());
      app.parse(std::move(reversed));
    } catch (const CLI::CallForHelp&) {
      *base.out << CommandHelp(*node->command, *node->app, node->path);
      return ExitCode::kOk;
    } catch (const CLI::ExtrasError&) {
      const std::vector<std::string> extras = app.remaining(true);
      return UnknownArgument(*node, extras.empty() ? "" : extras.front(), base);
    } catch (const CLI::ParseError& error) {
      return UsageError(LowerFirst(error.what()), "", *node, base);
    }
    return Run(*node, base);
  } catch (const std::exception& error) {
    *base.err << "error: unexpected: " << error.what() << "\n";
    return ExitCode::kBug;
  }
}

}  // namespace peakend::cli
