#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Rules of the house that a machine can see: layers, sizes, names, licence tags.

Reads the files git knows; prints one line a finding; exit status 1 when a rule is broken, 0 with
warnings only.  The layer list comes from ARCHITECTURE.md."""
import os
import re
import subprocess
import sys

FILE_WARN, FILE_REFUSE, FUNCTION_REFUSE, NESTING_REFUSE = 800, 1500, 120, 5
# Tables and generated text may be long.
SIZE_EXEMPT = ("tests/data/", "docs/", "datamodel/", "LICENSE", "fuzz/corpus/", "tests/api/outcomes.tsv")
TAGGED = (".c", ".h", ".py", ".sh", ".dm", ".def")
BACKEND_DIRS = ("storage/driver/", "vm/backend/", "net/backend/")

problems, warnings = [], []


def tracked():
    out = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                         check=True, stdout=subprocess.PIPE).stdout.decode()
    return [f for f in out.split("\0") if f and os.path.isfile(f) and not os.path.islink(f)]


def layers():
    """{layer: set of layers it may use, transitively} from the ```layers block."""
    text = open("ARCHITECTURE.md", encoding="utf-8").read()
    block = re.search(r"```layers\n(.*?)```", text, re.S).group(1)
    direct = {}
    for line in block.splitlines():
        name, _, uses = line.partition(":")
        direct[name.strip()] = set(uses.split())
    closed = {}

    def close(name):
        if name not in closed:
            closed[name] = set(direct[name])
            for used in direct[name]:
                closed[name] |= close(used)
        return closed[name]

    for name in direct:
        close(name)
    return closed


def driver_of(path):
    """The driver or backend a file below src/ belongs to, or None for the core."""
    for folder in BACKEND_DIRS:
        if path.startswith(folder):
            rest = path[len(folder):]
            return folder + re.split(r"[/_.]", rest)[0]
    return None


def check_includes(path, lines, allowed):
    inside = path[len("src/"):]
    layer = inside.split("/")[0]
    if layer not in allowed:
        problems.append(f"{path}:1: folder 'src/{layer}' is not in ARCHITECTURE.md's layers")
        return
    for number, line in enumerate(lines, 1):
        match = re.match(r'#include "([a-z_]+)/([^"]+)"', line)
        if not match:
            continue
        target = match.group(1)
        if target in allowed and target != layer and target not in allowed[layer]:
            problems.append(f"{path}:{number}: layer '{layer}' may not use '{target}'")
        mine, other = driver_of(inside), driver_of(f"{target}/{match.group(2)}")
        if other and mine and other != mine:
            problems.append(f"{path}:{number}: '{mine}' may not see '{other}'")
    if path.endswith(".c"):
        first = next((l for l in lines if l.startswith("#include")), "")
        own = inside[:-2] + ".h"
        if os.path.exists("src/" + own) and f'"{own}"' not in first:
            problems.append(f"{path}:1: its own header comes first")


def check_functions(path, lines):
    """Function lengths and nesting, by clang-format's layout: a body is '{' to '}' in column 0."""
    start = None
    for number, line in enumerate(lines, 1):
        if line == "{":
            start = number
        elif line == "}" and start:
            if number - start > FUNCTION_REFUSE:
                problems.append(f"{path}:{start}: a function of {number - start} lines")
            start = None
        elif start and line.endswith("{") and len(line) - len(line.lstrip()) >= 4 * NESTING_REFUSE:
            problems.append(f"{path}:{number}: nested too deep")


def check_text(path, text, lines):
    if path.endswith(TAGGED) and "SPDX-License-Identifier: GPL-2.0-or-later" not in "\n".join(lines[:3]):
        problems.append(f"{path}:1: no licence tag")
    for number, line in enumerate(lines, 1):
        if re.search(r"\b(TODO|FIXME|XXX|HACK)\b", line) and not re.search(r"TODO\(#\d+\)", line) \
                and path != "tools/lint.py":
            problems.append(f"{path}:{number}: a debt without an issue")
        if line.rstrip() != line and not path.endswith(".md"):
            problems.append(f"{path}:{number}: trailing white space")
    if text and not text.endswith("\n"):
        problems.append(f"{path}: no newline at the end")
    if not path.startswith(SIZE_EXEMPT) and not path.endswith((".json", ".tsv")):
        if len(lines) > FILE_REFUSE:
            problems.append(f"{path}: {len(lines)} lines")
        elif len(lines) > FILE_WARN:
            warnings.append(f"{path}: {len(lines)} lines: is it one thing?")


def main():
    allowed = layers()
    for path in tracked():
        if path.startswith(("fuzz/corpus/", "tests/data/")):
            continue
        try:
            text = open(path, encoding="utf-8").read()
        except UnicodeDecodeError:
            continue
        lines = text.splitlines()
        check_text(path, text, lines)
        if path.startswith("src/") and path.endswith((".c", ".h")):
            check_includes(path, lines, allowed)
            check_functions(path, lines)
    for line in warnings:
        print(f"warning: {line}")
    for line in problems:
        print(line)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
