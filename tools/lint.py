#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Rules of the house that a machine can see: layers, sizes, names, licence tags.

Reads the files git knows, and what datamodel/map.keys says of who reads which key of a map; prints one line a finding; exit status 1 when a rule is broken, 0 with
warnings only.  The layer list comes from ARCHITECTURE.md."""
import json
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


# ---- keys of the datamodel's maps: read by their row in datamodel/map.keys, and by nothing else ----

READS = re.compile(r"\bval_(?:find|find_text|map_without)\(")
# What code calls such maps where it is handed one.
MAP_NAMES = {"other_config", "platform", "device_config", "sm_config", "xenstore_data", "qos_algorithm_params",
             "HVM_boot_params", "VCPUs_params", "boot_params", "gui_config", "logging"}


def writable_maps():
    """The identifiers, as src/ has them, of the fields that are maps of texts and not the server's alone."""
    model = json.load(open("datamodel/api.json", encoding="utf-8"))
    messages = {message["name"] for message in model["messages"]}
    found = set()
    for row in model["fields"]:
        cls, name = row["name"].replace("__", "_").split(".")
        if row["type"] == "map(string,string)" and "internal" not in row.get("flags", []) \
                and (row["qualifier"] != "dynamic" or f"{cls}.add_to_{name}" in messages):
            found.add(re.sub(r"[^A-Z0-9]", "_", f"F_{cls}_{name}".upper()))
    return found


def key_rows():
    """({identifier of a key: the files that read it}, the fields they are in)"""
    rows, fields, the_map, key = {}, set(), "", ""
    for line in open("datamodel/map.keys", encoding="utf-8"):
        words = line.split()
        if words[:1] == ["map"]:
            the_map = re.sub(r"[^A-Z0-9]", "_", words[1].upper())
            fields.add("F_" + the_map)
        elif words[:1] == ["key"] and line.startswith("  key"):
            key = f"KEY_{the_map}_" + re.sub(r"[^A-Z0-9]", "_", words[1].upper())
            rows[key] = set()
        elif words[:1] == ["in"] and line.startswith("    in"):
            rows[key] |= set(words[1:])
    return rows, fields


def arguments(text, start):
    """The arguments of a call whose parenthesis opens before 'start'."""
    depth, at, out = 0, start, [""]
    while at < len(text) and (depth or text[at] != ")"):
        depth += (text[at] == "(") - (text[at] == ")")
        if text[at] == "," and not depth:
            out.append("")
        else:
            out[-1] += text[at]
        at += 1
    return [" ".join(arg.split()) for arg in out]


def is_map_of_model(argument, text, fields):
    """Is it a field that clients write, or a variable that was given one, or called like one?"""
    if any(re.search(rf"\b{name}\b", argument) for name in re.findall(r"\bF_[A-Z0-9_]+\b", argument) if name in fields):
        return True
    name = re.sub(r"^&|.*(?:->|\.)", "", argument)
    if not re.fullmatch(r"\w+", name):
        return False
    given = re.findall(rf"\b{name}\s*=\s*(?:val_ref\()?(?:row_get|val_at)\((?:[^;()]|\([^()]*\))*?\b(F_[A-Z0-9_]+)\b", text)
    return name in MAP_NAMES or any(field in fields for field in given)


def check_map_keys(path, text, fields):
    for match in READS.finditer(text):
        args = arguments(text, match.end())
        if len(args) > 1 and re.match(r'"|[A-Z][A-Z0-9_]+$', args[1]) and is_map_of_model(args[0], text, fields):
            number = text.count("\n", 0, match.start()) + 1
            problems.append(f"{path}:{number}: key {args[1]} of a map is no row of datamodel/map.keys (model/map_key.h)")


def check_readers(sources):
    """The table says who reads a key, and those do."""
    rows, _ = key_rows()
    for path, text in sources.items():
        for key in set(re.findall(r"\bKEY_[A-Z0-9_]+\b", text)):
            if key in rows and path not in rows[key]:
                problems.append(f"datamodel/map.keys: {key} is also read in {path}")
    for key, files in rows.items():
        for path in files:
            if not re.search(rf"\b{key}\b", sources.get(path, "")):
                problems.append(f"datamodel/map.keys: {path} does not read {key}")


def main():
    allowed, sources = layers(), {}
    maps = writable_maps() | key_rows()[1]
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
            if not path.startswith("src/cli/"):
                check_map_keys(path, text, maps)
                sources[path] = text
    check_readers(sources)
    for line in warnings:
        print(f"warning: {line}")
    for line in problems:
        print(line)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
