// Rows for warehouses under a schema id, and the registry that gives it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "processors/runtime/config/load.h"
#include "processors/runtime/config/registry_url.h"

namespace peakend::runtime {
namespace {

using testing::HasSubstr;
using testing::Not;

LoadResult<v1::Config> Load(const std::string& yaml) {
  ConfigInputs inputs;
  inputs.file_name = "peakend.yaml";
  inputs.yaml = yaml;
  return LoadConfig(inputs);
}

TEST(BiChecks, RowsUnderASchemaIdHaveOneOrARegistry) {
  const auto refused = Load(
      "bi:\n  moment: {enabled: true, format: protobuf_confluent, schema_id: 3}\n"
      "  journey: {enabled: true, format: protobuf_confluent}\n");
  ASSERT_EQ(refused.diagnostics().size(), 1u);
  EXPECT_EQ(refused.diagnostics()[0].code, "PE0068");
  EXPECT_EQ(refused.diagnostics()[0].line, 3);
  EXPECT_THAT(RenderDiagnostics(refused.diagnostics(), false),
              HasSubstr("set bi.registry.url, which is asked for it, or bi.journey.schema_id"));
  for (const char* yaml : {
           "bi: {journey: {enabled: false, format: protobuf_confluent}}\n",
           "bi: {journey: {enabled: true, format: connect_json}}\n",
           "bi: {journey: {enabled: true, format: protobuf_confluent, schema_id: 1}}\n",
           "bi: {journey: {enabled: true, format: protobuf_confluent}, registry: {url: "
           "\"http://r:8081\"}}\n",
       }) {
    const auto result = Load(yaml);
    EXPECT_TRUE(result.ok()) << yaml << RenderDiagnostics(result.diagnostics(), false);
    EXPECT_TRUE(result.diagnostics().empty());
  }
}

TEST(BiChecks, TheSystemKnowsTheTimeZones) {
  for (const char* yaml :
       {"bi: {time_zone: Asia/Shanhai}\n", "bi: {tenant_time_zones: {acme: Asia/Shanhai}}\n"}) {
    const auto refused = Load(yaml);
    ASSERT_EQ(refused.diagnostics().size(), 1u) << yaml;
    EXPECT_EQ(refused.diagnostics()[0].code, "PE0070");
    EXPECT_THAT(RenderDiagnostics(refused.diagnostics(), false),
                HasSubstr("did you mean `Asia/Shanghai`?"));
  }
  EXPECT_TRUE(Load("bi: {time_zone: Asia/Shanghai, tenant_time_zones: {acme: UTC}}\n").ok());
}

TEST(BiChecks, TheRegistryCanBeAsked) {
  const struct {
    const char* yaml;
    const char* code;
    const char* text;
    int line = 2;
  } cases[] = {
      {"{url: \"https://r:8081\"}", "PE0069", "name a local proxy by http"},
      {"{url: \"http://u:hunter2@r\"}", "PE0069", "bi.registry.username", 0},
      {"{url: \"registry:8081\"}", "PE0069", "not an http URL"},
      {"{username: u}", "PE0030", "`username` needs `password_file`"},
      {"{password_file: /run/p}", "PE0030", "`password_file` needs `username`"},
  };
  for (const auto& [yaml, code, text, line] : cases) {
    const auto refused = Load("bi:\n  registry: " + std::string(yaml) + "\n");
    ASSERT_EQ(refused.diagnostics().size(), 1u) << yaml;
    EXPECT_EQ(refused.diagnostics()[0].code, code);
    EXPECT_EQ(refused.diagnostics()[0].line, line);
    const std::string shown = RenderDiagnostics(refused.diagnostics(), false);
    EXPECT_THAT(shown, HasSubstr(text));
    EXPECT_THAT(shown, Not(HasSubstr("hunter2")));
  }
}

TEST(RegistryUrl, IsReadInItsParts) {
  const struct {
    const char* text;
    const char* authority;
    const char* path;
  } cases[] = {
      {"http://registry", "registry:80", ""},
      {"http://registry/", "registry:80", ""},
      {"http://registry:8081", "registry:8081", ""},
      {"http://127.0.0.1:65535//", "127.0.0.1:65535", ""},
      {"http://apicurio:8080/apis/ccompat/v7", "apicurio:8080", "/apis/ccompat/v7"},
      {"http://apicurio/apis/ccompat/v7/", "apicurio:80", "/apis/ccompat/v7"},
      {"http://[::1]", "[::1]:80", ""},
      {"http://[::1]:1/a@b", "[::1]:1", "/a@b"},
  };
  for (const auto& [text, authority, path] : cases) {
    const auto url = ParseRegistryUrl(text);
    ASSERT_TRUE(url.ok()) << text << url.status();
    EXPECT_EQ(url->Authority(), authority);
    EXPECT_EQ(url->path, path);
  }
}

TEST(RegistryUrl, OthersAreRefused) {
  for (const char* text : {"",
                           "registry:8081",
                           "ftp://r",
                           "HTTPS://r",
                           "https://r",
                           "http://",
                           "http:///subjects",
                           "http://:8081",
                           "http://r:",
                           "http://r:0",
                           "http://r:65536",
                           "http://r:-1",
                           "http://r:8 1",
                           "http://r:80x",
                           "http://[::1",
                           "http://[]",
                           "http://[::1]80",
                           "http://r?x",
                           "http://r/#x",
                           "http://u@r",
                           "http://r/\n",
                           "http://r/\xC3\xA9"}) {
    EXPECT_EQ(ParseRegistryUrl(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

}  // namespace
}  // namespace peakend::runtime
