"""The project's taste as rules: each takes the tree and returns its complaints.

A tree maps a path from the repository's root to the file's text. A complaint
names the place, what was found there and what to write instead.
"""

import re

PURE_CORE = ("adapters", "ingest", "affect", "journey", "moments", "alerts", "publish", "explain", "replay")
CPP = (".h", ".cc")
MAX_LINES = 400

# What breaks "the same input gives the same bytes", and what to do instead.
IMPURE = (
    (r"absl::Now\b|\btime\s*\(\s*(NULL|nullptr|0)\s*\)", "take `now` as an argument"),
    (r"\b(system|steady|high_resolution)_clock\b", "take `now` as an argument"),
    (r"\bstd::j?thread\b|\bstd::async\b|<thread>|<future>", "threads belong to processors/runtime"),
    (r"\bstd::\w*mutex\b|absl::Mutex\b|<mutex>|<shared_mutex>|<condition_variable>",
     "core state has one owner; locks belong to processors/runtime"),
    (r"\bfopen\s*\(|(?<!\w)::open\s*\(|\b[io]?fstream\b|<filesystem>|\bstd::c(out|err|in)\b|<iostream>",
     "return the text as a value; files belong to processors/cli"),
    (r"\bgetenv\b", "take the setting as an argument"),
    (r"\brandom_device\b|\bs?rand\s*\(|\bmt19937|<random>|absl::BitGen|absl/random",
     "derive it from the content of the event"),
    (r"\bspdlog\b", "return what should be said; the shell logs and counts"),
    (r"\bsleep(_for|_until)?\s*\(|absl::SleepFor\b", "return the next wake-up time"),
    (r"\brdkafka\b", "use processors/runtime/source.h and sink.h in the shell"),
)

UNFINISHED = re.compile(r"\b(TOD[O]|FIXM[E]|X{3}|HAC[K])\b|\bDISABLE[D]_\w|\bGTEST_SKI[P]\b")
DRAWER = re.compile(r"(^|[_.-])(utils?|helpers?|managers?|common|misc)([_.-]|$)")
DRAWER_TYPE = re.compile(r"\b(?:class|struct)\s+\w*(Utils?|Helpers?|Manager)\b")

# Only the names that mean nothing else; "moments" and "journeys" are also words.
TOPIC = re.compile(r"[\"'](interaction-events|moment-alerts|rejected-records|late-events|opening-cards|touchpoint-statistics)[\"']")
TOPIC_HOMES = ("processors/publish/", "processors/runtime/config/", "proto/", "tests/")

FOLDERS = {"processors", "proto", "tests", "deploy", "benchmarks", "cmake", ".ci"}
BUILT = ("build/", ".run/", ".deps/")


def _numbered(text):
    return enumerate(text.splitlines(), start=1)


def _code(line):
    """The line without its // comment (a string with // in it ends early: good enough)."""
    return line.split("//", 1)[0]


def _in_core(path):
    parts = path.split("/")
    return len(parts) > 2 and parts[0] == "processors" and parts[1] in PURE_CORE


def core_is_pure(tree):
    found = []
    for path, text in tree.items():
        if not _in_core(path) or not path.endswith(CPP):
            continue
        for number, line in _numbered(text):
            for pattern, instead in IMPURE:
                hit = re.search(pattern, _code(line))
                if hit:
                    found.append(f"{path}:{number}: '{hit.group().strip()}' in the pure core: {instead}")
            include = re.match(r'#include "processors/(\w+)/', line)
            if include and include.group(1) not in PURE_CORE:
                found.append(f"{path}:{number}: the pure core includes processors/{include.group(1)}: "
                             "turn the dependency round, the shell calls the core")
    return found


def kafka_stays_behind_the_waist(tree):
    found = []
    for path, text in tree.items():
        folder, _, name = path.rpartition("/")
        allowed = name.startswith("kafka_") and (
            folder == "processors/runtime" or folder.startswith(("tests", "benchmarks")))
        if allowed or not path.endswith(CPP):
            continue
        for number, line in _numbered(text):
            if re.match(r"\s*#\s*include\s*[<\"].*rdkafka", line):
                found.append(f"{path}:{number}: librdkafka included: go through processors/runtime/source.h and "
                             "sink.h, or put it in processors/runtime/kafka_*")
    return found


def files_are_short(tree):
    found = []
    for path, text in tree.items():
        counted = path.endswith((*CPP, ".py", ".sh", ".proto")) or path == "dev"
        if not counted:
            continue
        lines = text.count("\n")
        if lines > MAX_LINES:
            found.append(f"{path}: {lines} lines: split it by its nouns, {MAX_LINES} is the most")
    return found


def nothing_is_unfinished(tree):
    return [f"{path}:{number}: '{hit.group()}': finish it, or delete it and open an issue"
            for path, text in tree.items()
            for number, line in _numbered(text)
            for hit in UNFINISHED.finditer(line)]


def no_drawers(tree):
    found = []
    for path, text in tree.items():
        for part in path.split("/"):
            if DRAWER.search(part):
                found.append(f"{path}: '{part}' says nothing: name the noun that it holds or the decision it makes")
        if path.endswith(CPP):
            for number, line in _numbered(text):
                hit = DRAWER_TYPE.search(_code(line))
                if hit:
                    found.append(f"{path}:{number}: '{hit.group()}': name what it owns or decides")
    return found


def every_test_is_built(tree):
    lists = {path.rpartition("/")[0]: "\n".join(line.split("#", 1)[0] for line in text.splitlines())
             for path, text in tree.items() if path.rpartition("/")[2] == "CMakeLists.txt"}
    found = []
    for path in tree:
        folder, _, name = path.rpartition("/")
        if not name.endswith("_test.cc"):
            continue
        pattern = re.compile(rf"(?<![\w.-]){re.escape(name)}\b")
        if not any(pattern.search(text) for where, text in lists.items()
                   if where == folder or not where or folder.startswith(where + "/")):
            found.append(f"{path}: never built: add peakend_test(... SRCS {name} ...) to {folder}/CMakeLists.txt")
    return found


def topics_have_one_home(tree):
    found = []
    for path, text in tree.items():
        if path.startswith(TOPIC_HOMES) or not path.endswith((*CPP, ".py", ".sh")):
            continue
        for number, line in _numbered(text):
            hit = TOPIC.search(_code(line))
            if hit:
                found.append(f"{path}:{number}: topic name {hit.group()}: take it from the configuration, or from "
                             "processors/publish/output.h")
    return found


def documents_name_real_paths(tree):
    known = set(tree)
    for path in tree:
        while "/" in path:
            path = path.rpartition("/")[0]
            known.add(path)
    found = []
    for path, text in tree.items():
        folder, _, name = path.rpartition("/")
        if not name.endswith(".md") or path == "CHANGELOG.md":
            continue
        for number, line in _numbered(text):
            for named in _paths_in(line):
                relative = f"{folder}/{named}" if folder else named
                if named.rstrip("/") not in known and relative.rstrip("/") not in known:
                    found.append(f"{path}:{number}: '{named}' does not exist: name the present path")
    return found


def _paths_in(line):
    for quoted in re.findall(r"`([^`]+)`", line):
        for word in quoted.split():
            word = word.removeprefix("./")
            plain = re.fullmatch(r"[\w.-]+(/[\w.-]+)*/?", word)
            if plain and "/" in word and word.split("/")[0] in FOLDERS and not word.startswith(BUILT):
                yield word
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", line):
        if "://" not in target and not target.startswith("mailto:"):
            yield target


def every_processor_has_its_row(tree):
    if "processors/README.md" not in tree:
        return ["processors/README.md: missing: one row per folder, what it reads, keeps and writes"]
    rows = re.findall(r"^\|\s*`?(\w+)/?`?\s*\|", tree["processors/README.md"], re.MULTILINE)
    folders = {path.split("/")[1] for path in tree if path.startswith("processors/") and path.endswith(CPP)}
    return [f"processors/README.md: no row for {folder}/: say what it reads, keeps and writes"
            for folder in sorted(folders - set(rows))]


RULES = (core_is_pure, kafka_stays_behind_the_waist, files_are_short, nothing_is_unfinished, no_drawers,
         every_test_is_built, topics_have_one_home, documents_name_real_paths, every_processor_has_its_row)
