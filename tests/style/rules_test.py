#!/usr/bin/env python3
"""Every rule must complain about each bad tree and be silent about each good one."""

import unittest

import rules

ROW = {"processors/README.md": "| folder | reads |\n|---|---|\n| `ingest/` | bytes |\n"}


def core(line):
    return {"processors/journey/window.cc": line + "\n"}


CASES = {
    rules.core_is_pure: {
        "bad": [core(line) for line in (
            "auto t = absl::Now();", "auto t = time(nullptr);", "std::chrono::system_clock::now();",
            "std::chrono::steady_clock::now();", "std::thread worker;", "std::mutex lock;", "absl::Mutex lock;",
            'auto f = fopen("x", "r");', "std::ifstream in;", 'getenv("X");', "int x = rand();",
            "std::random_device seed;", "std::mt19937_64 generator;", 'spdlog::info("x");',
            "#include <librdkafka/rdkafka.h>", "std::cout << 1;", "absl::SleepFor(d);",
            '#include "processors/runtime/sink.h"')],
        "good": [core(line) for line in (
            "absl::Time now = step.now;", "// absl::Now would break the replay.", "bool operand(int x);",
            "reopen(contact);", "if (journey.open()) return;", '#include "processors/ingest/decoder.h"', "auto last_time(0);")] + [
            {"processors/runtime/loop.cc": "auto t = absl::Now();\n"}],
    },
    rules.kafka_stays_behind_the_waist: {
        "bad": [{"processors/runtime/loop.cc": "#include <librdkafka/rdkafka.h>\n"},
                {"processors/cli/run.cc": '#include "librdkafka/rdkafka.h"\n'},
                {"processors/cli/kafka_run.cc": "# include <rdkafka.h>\n"},
                {"benchmarks/pipeline.cc": "#include <librdkafka/rdkafka.h>\n"}],
        "good": [{"processors/runtime/kafka_source.cc": "#include <librdkafka/rdkafka.h>\n"},
                 {"benchmarks/runtime/kafka_consume.cc": "#include <librdkafka/rdkafka.h>\n"},
                 {"processors/cli/run.cc": '#include "processors/runtime/kafka_source.h"\n'}],
    },
    rules.files_are_short: {
        "bad": [{f"processors/x{end}": "\n" * 401} for end in (".h", ".cc", ".py", ".sh", ".proto")]
        + [{"dev": "\n" * 401}],
        "good": [{"processors/x.cc": "\n" * 400}, {"LICENSE": "\n" * 900}],
    },
    rules.nothing_is_unfinished: {
        "bad": [{"a/b.cc": word + "\n"} for word in (
            "// TO" "DO later", "# FIX" "ME", "X" "XX", "HA" "CK:", "TEST(A, DISABLED" "_B)", "GTEST" "_SKIP();")],
        "good": [{"a/b.sh": "mktemp /tmp/aXXXXXX\n"}, {"a/b.cc": "enum { DISABLED };\n"},
                 {"a/b.cc": "bool SHACKLED;\n"}],
    },
    rules.no_drawers: {
        "bad": [{"processors/ingest/string_util.cc": ""}, {"processors/common/a.cc": ""}, {"tests/helpers/a.py": ""},
                {"a/misc.md": ""}, {"a/b.h": "class StateManager {\n"}, {"a/b.h": "struct TimeUtils;\n"}],
        "good": [{"processors/ingest/utilisation.cc": ""}, {"a/b.h": "// A manager's view.\nclass Shift {\n"}],
    },
    rules.every_test_is_built: {
        "bad": [{"tests/a/b_test.cc": ""},
                {"tests/a/b_test.cc": "", "tests/a/CMakeLists.txt": "# SRCS b_test.cc\n"},
                {"tests/a/b_test.cc": "", "tests/a/CMakeLists.txt": "SRCS sub_b_test.cc\n"},
                {"tests/a/b_test.cc": "", "tests/z/CMakeLists.txt": "SRCS b_test.cc\n"}],
        "good": [{"tests/a/b_test.cc": "", "tests/a/CMakeLists.txt": "peakend_test(NAME b SRCS b_test.cc)\n"},
                 {"tests/a/b_test.cc": "", "tests/CMakeLists.txt": "peakend_test(NAME b SRCS a/b_test.cc)\n"}],
    },
    rules.topics_have_one_home: {
        "bad": [{"processors/cli/tail.cc": 'Open("moment-alerts");\n'},
                {"benchmarks/load.py": "topic = 'interaction-events'\n"}],
        "good": [{"processors/publish/output.h": '"moment-alerts"\n'}, {"README.md": "`moment-alerts`\n"},
                 {"tests/a/b_test.cc": '"late-events"\n'}, {"processors/cli/tail.cc": "// into moment-alerts\n"}],
    },
    rules.documents_name_real_paths: {
        "bad": [{"README.md": "see `processors/gone.h`\n"}, {"README.md": "run `bash deploy/gone.sh up`\n"},
                {"ARCHITECTURE.md": "[here](processors/gone.md)\n"}, {"README.md": "`tests/gone/`\n"}],
        "good": [{"README.md": "see `tests/a.cc`, `tests/`, `./tests/a.cc`\n", "tests/a.cc": ""},
                 {"README.md": "`build/release/peakend`, `tests/*_test.cc`, `tenant/customer`\n"},
                 {"README.md": "[site](https://example.org/a) [part](#part)\n"},
                 {"processors/README.md": "[up](a.h)\n", "processors/a.h": ""}],
    },
    rules.every_processor_has_its_row: {
        "bad": [{}, {**ROW, "processors/affect/a.cc": ""}],
        "good": [{**ROW, "processors/ingest/a.cc": ""}, {**ROW, "processors/later/CMakeLists.txt": ""}],
    },
}


class RulesTest(unittest.TestCase):
    def test_every_rule_has_cases(self):
        self.assertEqual(set(rules.RULES), set(CASES))

    def test_bad_trees_are_found(self):
        for rule, case in CASES.items():
            for tree in case["bad"]:
                with self.subTest(rule=rule.__name__, tree=str(tree)[:120]):
                    self.assertNotEqual(rule(tree), [])

    def test_good_trees_pass(self):
        for rule, case in CASES.items():
            for tree in case["good"]:
                with self.subTest(rule=rule.__name__, tree=str(tree)[:120]):
                    self.assertEqual(rule(tree), [])

    def test_a_complaint_says_where_and_what_instead(self):
        for rule, case in CASES.items():
            for tree in case["bad"]:
                for complaint in rule(tree):
                    self.assertRegex(complaint, r"^[\w./-]+(:\d+)?: .+: .+")


if __name__ == "__main__":
    unittest.main()
