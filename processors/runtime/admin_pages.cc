#include "processors/runtime/admin_pages.h"

#include <array>
#include <utility>

#include "processors/runtime/customer_page.h"

namespace peakend::runtime {
namespace {

constexpr std::string_view kText = "text/plain; charset=utf-8";
constexpr std::string_view kJson = "application/json";
constexpr std::string_view kYaml = "application/yaml";
constexpr std::string_view kReloadPath = "/-/reload";
constexpr std::string_view kPrometheus = "text/plain; version=0.0.4; charset=utf-8";

AdminAnswer FromReport(HealthReport report) {
  return {report.ok ? 200 : 503, kJson, std::move(report.json) + "\n"};
}

struct Page {
  std::string_view path;
  AdminAnswer (*answer)(const AdminPages&, absl::Time);
};

constexpr std::array<Page, 5> kPages = {{
    {"/livez", [](const AdminPages& pages,
                  absl::Time now) { return FromReport(pages.health->Liveness(now)); }},
    {"/readyz", [](const AdminPages& pages,
                   absl::Time now) { return FromReport(pages.health->Readiness(now)); }},
    {"/metrics",
     [](const AdminPages& pages, absl::Time now) {
       return AdminAnswer{200, kPrometheus, pages.metrics(now)};
     }},
    {"/version",
     [](const AdminPages& pages, absl::Time) {
       return AdminAnswer{200, kJson, pages.version_json + "\n"};
     }},
    {"/configz",
     [](const AdminPages& pages, absl::Time) {
       return AdminAnswer{200, kYaml, pages.config_yaml};
     }},
}};

std::string PathList() {
  std::string list;
  for (const Page& page : kPages) {
    list += page.path;
    list += "\n";
  }
  list += kCustomersPath;
  list += "{key}\n";
  list += kCardsPath;
  list += "{key}\n";
  list += "POST ";
  list += kReloadPath;
  list += "\n";
  return list;
}

AdminAnswer Reload(const AdminPages& pages, std::string_view target, const LaterAnswer& later) {
  if (!pages.reload) {
    return {404, kText, "the policy is not reloaded here; admin.reload: true turns it on\n"};
  }
  const bool strict = target.ends_with("?strict=true");
  const bool asked = pages.reload(strict, [later](AdminAnswer answer) {
    later([answer = std::move(answer)] { return answer; });
  });
  if (!asked) return {503, kText, "too many reloads are waiting\n"};
  AdminAnswer waiting = {202, kText, "under way: the log and /metrics say what becomes of it\n"};
  waiting.provisional = true;
  return waiting;
}

}  // namespace

AdminAnswer AnswerTo(const AdminPages& pages, std::string_view method, std::string_view target,
                     absl::Time now, const LaterAnswer& later) {
  const std::string_view path = target.substr(0, target.find('?'));
  if (path == kReloadPath && method == "POST") return Reload(pages, target, later);
  if (path == kReloadPath) {
    AdminAnswer answer = {405, kText, "only POST is allowed here\n"};
    answer.allow = "POST";
    return answer;
  }
  if (method != "GET" && method != "HEAD") {
    return {405, kText, "only GET and HEAD are allowed here\n"};
  }
  for (const Page& page : kPages) {
    if (page.path == path) return page.answer(pages, now);
  }
  if (path.starts_with(kCustomersPath)) {
    return AnswerAboutCustomer(path.substr(kCustomersPath.size()), pages.customers, later);
  }
  if (path.starts_with(kCardsPath)) {
    return AnswerWithCard(path.substr(kCardsPath.size()), pages.customers, later);
  }
  return {404, kText, "no such page; there are:\n" + PathList()};
}

}  // namespace peakend::runtime
