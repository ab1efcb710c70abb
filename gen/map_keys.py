# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads datamodel/map.keys, the keys of maps that the server reads, and makes C rows and docs/map-keys.md of it."""

import re
from dataclasses import dataclass, field

from emit_c import BANNER, Ids, c_string
from model import LOCAL_ROOT, DatamodelError, Pos, identifier

KINDS = {"switch": 0, "truth": 0, "int": 2, "size": 2, "word": None, "text": None, "mark": 0}
TYPES = {
    "switch": "`true` or `false`; also `1` `0` `yes` `no` `on` `off`, in any case",
    "truth": "`true`; anything else is not",
    "mark": "any: being there counts",
}


@dataclass
class Key:
    map: "Map"
    name: str
    kind: str
    words: list  # after the kind
    absent: str  # None: nothing
    pos: Pos
    wrong: str = ""
    files: list = field(default_factory=list)
    doc: str = ""

    @property
    def id(self):
        return f"KEY_{identifier(self.map.cls)}_{identifier(self.map.field)}_{identifier(self.name)}"


@dataclass
class Map:
    cls: str
    field: str
    pos: Pos
    by: str = ""  # who writes it, where no message does
    keys: list = field(default_factory=list)


def read_key(the_map, rest, pos):
    left, equals, absent = (rest + " ").partition(" = ") if " = " in rest + " " else (rest, "", "")
    words = left.split()
    if len(words) < 2 or words[1] not in KINDS:
        raise pos.error("expected 'key NAME TYPE [= WITHOUT]'")
    name, kind, more = words[0], words[1], words[2:]
    count = KINDS[kind]
    if (kind == "word" and not more) or (kind == "text" and len(more) > 1) or (count is not None and len(more) != count):
        raise pos.error(f"'{kind}' with {len(more)} words")
    if kind in ("int", "size", "text") and not all(re.fullmatch(r"-?[0-9]+", word) for word in more):
        raise pos.error("a limit that is no number")
    return Key(the_map, name, kind, more, absent.strip() if equals else None, pos)


def parse_map_keys(path, shown, model):
    """[Map], checked against the model.  Raises DatamodelError."""
    maps, key = [], None
    with open(path, encoding="utf-8") as text:
        for number, line in enumerate(text, 1):
            pos, indent = Pos(shown, number), len(line) - len(line.lstrip(" "))
            word, _, rest = line.strip().partition(" ")
            if not word or word.startswith("#"):
                continue
            if indent == 0 and word == "map":
                cls, _, name = rest.partition(".")
                maps.append(Map(cls, name, pos))
                key = None
            elif indent == 2 and word == "by" and maps:
                maps[-1].by = rest
            elif indent == 2 and word == "key" and maps:
                key = read_key(maps[-1], rest, pos)
                maps[-1].keys.append(key)
            elif indent == 4 and word in ("wrong", "in", "doc") and key:
                if word == "in":
                    key.files += rest.split()
                else:
                    setattr(key, word, f"{getattr(key, word)} {rest}".strip())
            else:
                raise pos.error("neither a map nor a key nor an attribute of one")
    check(maps, model)
    return maps


def check(maps, model):
    ids = set()
    for one in maps:
        cls = next((c for c in model.classes if c.name == one.cls), None)
        found = cls and cls.field_by_name(one.field)
        if not found or str(found.type) != "map(string,string)":
            raise one.pos.error(f"{one.cls}.{one.field} is no map of texts")
        for key in one.keys:
            if not (key.wrong and key.files and key.doc):
                raise key.pos.error("'wrong', 'in' or 'doc' is missing")
            if key.id in ids:
                raise key.pos.error(f"{key.id} is there twice")
            ids.add(key.id)
        if not (one.by or writer_of(one, model)):
            raise one.pos.error("no message writes it: who does?")
        if sorted(key.name.lower() for key in one.keys) != [key.name.lower() for key in one.keys]:
            raise one.pos.error("keys are sorted")
    names = [f"{one.cls}.{one.field}".lower() for one in maps]
    if sorted(names) != names:
        raise DatamodelError("map.keys: maps are sorted")


# ---- C ----

def emit_h(maps):
    ids = "".join(f"    {key.id},\n" for one in maps for key in one.keys)
    n = sum(len(one.keys) for one in maps)
    return f"{BANNER}#pragma once\n\nenum map_key_id {{\n{ids}}};\n#define N_MAP_KEYS {n}\n"


def row(key):
    limits = {"int": key.words, "size": key.words, "text": ["0", *(key.words or ["INT64_MAX"])]}.get(key.kind, ["0", "0"])
    words = ", ".join([c_string(word) for word in key.words] + ["NULL"]) if key.kind == "word" else ""
    return ", ".join([
        Ids.cls(key.map.cls), Ids.field(key.map.cls, key.map.field), c_string(key.name), f"MAP_KEY_{key.kind.upper()}",
        *(limit if limit == "INT64_MAX" else f"INT64_C({limit})" for limit in limits),
        f"(const char *const[]){{{words}}}" if words else "NULL", c_string(key.absent)])


def emit_c(maps):
    rows = "".join(f"    {{{row(key)}}},\n" for one in maps for key in one.keys)
    return f'{BANNER}#include "model/map_key.h"\n\n#include "model_ids.h"\n\nconst struct map_key map_keys[N_MAP_KEYS] = {{\n{rows}}};\n'


# ---- the page ----

def messages_of(one, model):
    cls = next(c for c in model.classes if c.name == one.cls)
    return {message.name: message for message in cls.messages}


def writer_of(one, model, key=None):
    """The least role that may write the map, or one key of it; None where no message does."""
    messages = messages_of(one, model)
    for name in (f"add_to_{one.field}", f"set_{one.field}", "create"):
        message = messages.get(name) or messages.get(f"set_{one.field.replace('_config', '_mode')}")
        if not message or message.role == LOCAL_ROOT:
            continue
        for pattern, role in message.keys.items():
            if key and (key == pattern or (pattern.endswith("*") and key.startswith(pattern[:-1]))):
                return role
        return message.role
    return None


def type_text(key):
    if key.kind in TYPES:
        return TYPES[key.kind]
    if key.kind == "word":
        return ", ".join(f"`{word}`" for word in key.words)
    if key.kind == "text":
        return f"text of {int(key.words[0]):,} bytes at most" if key.words else "text"
    what = "a number" if key.kind == "int" else "bytes, with a suffix (MiB) or without,"
    return f"{what} from {int(key.words[0]):,} to {int(key.words[1]):,}"


def key_row(key, model):
    absent = "" if not key.absent else f"`{key.absent}`"
    by = key.map.by or writer_of(key.map, model, key.name)
    files = " ".join(f"`{name}`" for name in key.files)
    return f"| `{key.name}` | {type_text(key)} | {absent} | {by} | {key.doc} | {key.wrong} | {files} |\n"


def writable_maps(model):
    """'CLASS.FIELD' of each map of texts that a client can write."""
    for cls in model.classes:
        for one in cls.fields:
            if str(one.type) != "map(string,string)" or one.internal or "removed" in (one.lifecycle or {}):
                continue
            names = {message.name for message in cls.messages}
            if names & {f"set_{one.name}", f"add_to_{one.name}"} or (one.qualifier == "static" and "create" in names):
                yield f"{cls.name}.{one.name}"


def emit_md(maps, model):
    out = ["# Keys of maps that mean something\n\n",
           "Made from `datamodel/map.keys` by `gen/generate.py --map-keys-md`: do not edit.\n\n",
           "Objects have maps that clients may write what they like into.  The server reads the keys below and no\n"
           "others: it goes through this table, and `tools/lint.py` refuses code that does not.  Any other key is\n"
           "kept and shown, and nothing comes of it; that includes keys other XenAPI servers act on, or once did\n"
           "(`backend-local`, `is_system_domain`, `storage_driver_domain`, `pci`, `hvm_serial`, `gc`, `coalesce`).\n\n",
           "The role is the least one that may write the key.  `VM.blocked_operations` has operations for keys: each\n"
           "of them is refused with the text as its reason, and `allowed_operations` leaves it out.\n"]
    for one in maps:
        out.append(f"\n## {one.cls}.{one.field}\n\n| Key | Value | Without it | Role | Meaning | A wrong value | Read by |\n"
                   "|---|---|---|---|---|---|---|\n")
        out += [key_row(key, model) for key in one.keys]
    read = {f"{one.cls}.{one.field}" for one in maps}
    out.append("\n## Maps of which nothing is read\n\n")
    out.append("\n".join(f"- `{name}`" for name in writable_maps(model) if name not in read) + "\n")
    return "".join(out)
