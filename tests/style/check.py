#!/usr/bin/env python3
"""Checks the tree in ROOT (default: this one) by rules.py; exit 1 and one line per complaint."""

import os
import sys

import rules

SKIPPED = {"build", ".git", ".deps", ".run", "__pycache__", "node_modules"}


def read_tree(root):
    tree = {}
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(set(folders) - SKIPPED)
        for name in sorted(names):
            full = os.path.join(folder, name)
            try:
                with open(full, encoding="utf-8") as file:
                    tree[os.path.relpath(full, root)] = file.read()
            except (UnicodeDecodeError, OSError):
                continue  # Binary data, or a file that went away meanwhile.
    return tree


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(__file__), "..", "..")
    tree = read_tree(root)
    found = [complaint for rule in rules.RULES for complaint in rule(tree)]
    print(*found, sep="\n")
    print(f"{len(tree)} files, {len(rules.RULES)} rules, {len(found)} complaints")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
