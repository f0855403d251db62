#include "processors/runtime/config/registry_url.h"

#include <algorithm>
#include <charconv>

#include "absl/strings/str_cat.h"

namespace peakend::runtime {
namespace {

constexpr std::string_view kHttp = "http://";
constexpr std::string_view kHttps = "https://";

absl::Status Wrong(absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat(what, "; write it as http://host:port or http://host:port/path"));
}

bool IsPlain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

bool ReadPort(std::string_view text, uint16_t* port) {
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, *port);
  return error == std::errc() && stop == end && *port != 0;
}

// Splits host and port; false when they are none.
bool ReadAuthority(std::string_view text, RegistryUrl* url) {
  const bool in_brackets = !text.empty() && text[0] == '[';
  const size_t host_end = in_brackets ? text.find(']') : text.find(':');
  if (in_brackets && host_end == std::string_view::npos) return false;
  url->host = text.substr(in_brackets ? 1 : 0, in_brackets ? host_end - 1 : host_end);
  if (url->host.empty()) return false;
  text.remove_prefix(std::min(text.size(), in_brackets ? host_end + 1 : host_end));
  if (text.empty()) return true;
  return text[0] == ':' && ReadPort(text.substr(1), &url->port);
}

}  // namespace

std::string RegistryUrl::Authority() const {
  const bool is_v6 = host.find(':') != std::string::npos;
  return absl::StrCat(is_v6 ? "[" : "", host, is_v6 ? "]:" : ":", port);
}

absl::StatusOr<RegistryUrl> ParseRegistryUrl(std::string_view text) {
  if (text.substr(0, kHttps.size()) == kHttps) {
    return absl::InvalidArgumentError(
        "https is not spoken here; name a local proxy by http, or set schema_id of the rows");
  }
  if (text.substr(0, kHttp.size()) != kHttp) return Wrong("not an http URL");
  text.remove_prefix(kHttp.size());
  if (!IsPlain(text)) return Wrong("it has spaces or characters that a URL has not");
  if (text.find_first_of("?#") != std::string_view::npos) return Wrong("it has a query");
  const size_t slash = std::min(text.find('/'), text.size());
  const std::string_view authority = text.substr(0, slash);
  if (authority.find('@') != std::string_view::npos) {
    return absl::InvalidArgumentError(
        "it names a user; set bi.registry.username and password_file instead");
  }
  RegistryUrl url;
  if (!ReadAuthority(authority, &url)) return Wrong("it has no host, or no port from 1 to 65535");
  url.path = text.substr(slash);
  while (!url.path.empty() && url.path.back() == '/') url.path.pop_back();
  return url;
}

}  // namespace peakend::runtime
