#include "processors/cli/command_help.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace peakend::cli {
namespace {

using Row = std::pair<std::string, std::string>;

void AppendTable(const std::string& title, const std::vector<Row>& rows, std::ostream& out) {
  if (rows.empty()) return;
  size_t width = 0;
  for (const Row& row : rows) width = std::max(width, row.first.size());
  out << "\n" << title << ":\n";
  for (const auto& [name, description] : rows) {
    out << "  " << name << std::string(width - name.size() + 2, ' ') << description << "\n";
  }
}

Row OptionRow(const CLI::Option& option) {
  std::string name = option.get_name(option.get_positional(), true);
  std::replace(name.begin(), name.end(), ',', ' ');
  if (option.nonpositional() && option.get_expected_max() > 0) {
    name += " " + (option.get_type_name().empty() ? "VALUE" : option.get_type_name());
  }
  return {name, option.get_description()};
}

std::string Usage(const Command& command, const CLI::App& app, const std::string& path) {
  std::string usage = "usage: " + path;
  if (!command.subcommands.empty()) return usage + " COMMAND [flags]";
  usage += " [flags]";
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_positional()) continue;
    usage +=
        option->get_required() ? " " + option->get_name(true) : " [" + option->get_name(true) + "]";
  }
  return usage;
}

}  // namespace

std::string CommandHelp(const Command& command, const CLI::App& app, const std::string& path) {
  std::ostringstream out;
  out << command.summary << "\n";
  if (!command.examples.empty()) {
    out << "\nexamples:\n";
    std::istringstream lines(command.examples);
    for (std::string line; std::getline(lines, line);) out << "  " << line << "\n";
  }
  out << "\n" << Usage(command, app, path) << "\n";
  std::vector<Row> subcommands;
  for (const Command& child : command.subcommands)
    subcommands.emplace_back(child.name, child.summary);
  AppendTable("commands", subcommands, out);
  std::vector<Row> arguments;
  std::vector<Row> flags;
  for (const CLI::Option* option : app.get_options()) {
    (option->get_positional() ? arguments : flags).push_back(OptionRow(*option));
  }
  AppendTable("arguments", arguments, out);
  AppendTable("flags", flags, out);
  if (!command.notes.empty()) out << "\n" << command.notes;
  return out.str();
}

}  // namespace peakend::cli
