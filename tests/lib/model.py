# SPDX-License-Identifier: GPL-2.0-or-later
"""The API as datamodel/api.json has it: messages, fields, enums, errors, and types as trees."""
import functools
import json
import os
import re

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class Type:
    """'kind' string, int, float, bool, datetime, void, enum, ref, record, set, option or map; 'name' of the
    enum or class; 'of' the element's or value's type; 'key' of a map."""

    def __init__(self, kind, name=None, of=None, key=None):
        self.kind, self.name, self.of, self.key = kind, name, of, key


@functools.lru_cache(maxsize=None)
def parse_type(text):
    kind, _, inside = text.partition("(")
    inside = inside[:-1]
    if kind in ("set", "option"):
        return Type(kind, of=parse_type(inside))
    if kind == "map":
        depth, comma = 0, None
        for i, char in enumerate(inside):
            depth += (char == "(") - (char == ")")
            if char == "," and depth == 0:
                comma = i
                break
        return Type("map", key=parse_type(inside[:comma]), of=parse_type(inside[comma + 1:]))
    if kind == "secret_string":
        kind = "string"
    return Type(kind, inside or None)


class Param:
    def __init__(self, row):
        self.name, self.type = row["name"], parse_type(row["type"])
        self.required = "default" not in row
        self.default = row.get("default")


class Message:
    def __init__(self, row):
        self.name, self.kind, self.state = row["name"], row["kind"], row["state"]
        self.cls, self.short = row["name"].split(".", 1)
        self.params = [Param(p) for p in row.get("params", [])]
        self.result = parse_type(row.get("result", "void"))
        self.flags = set(row.get("flags", []))
        self.errors = row.get("errors", [])
        self.role, self.keys = row.get("role"), row.get("keys", {})
        self.doc = row.get("doc", "")
        self.removed = row["state"] == "removed"
        self.takes_session = "no-session" not in self.flags
        self.has_async = "sync" not in self.flags


class Field:
    def __init__(self, row):
        self.cls, name = row["name"].split(".", 1)
        self.name = name.replace("__", "_")
        self.type = parse_type(row["type"])
        self.qualifier, self.state = row["qualifier"], row["state"]
        self.flags = set(row.get("flags", []))
        self.has_default = "default" in row
        self.default = row.get("default")
        self.public = "internal" not in self.flags
        self.link = row.get("link", "")


class Model:
    def __init__(self, path=os.path.join(ROOT, "datamodel", "api.json")):
        with open(path, encoding="utf-8") as text:
            api = json.load(text)
        self.messages = {row["name"]: Message(row) for row in api["messages"]}
        self.classes = {row["name"]: row for row in api["classes"]}
        self.enums = {row["name"]: row["values"] for row in api["enums"]}
        self.errors = {row["name"]: row.get("params") for row in api["errors"]}
        self.permissions = {row["name"]: row["role"] for row in api["permissions"]}
        self.fields = {}
        for row in api["fields"]:
            field = Field(row)
            self.fields.setdefault(field.cls, {})[field.name] = field
        for cls in self.classes:
            self.fields.setdefault(cls, {})

    def class_flags(self, cls):
        return set(self.classes[cls].get("flags") or [])

    def in_database(self, cls):
        return "no-database" not in self.class_flags(cls)

    def class_by_event_name(self, name):
        return next((cls for cls in self.classes if cls.lower() == name), None)

    def is_error(self, code):
        """A code the datamodel lists, or one of the storage plug-ins' numbers."""
        return code in self.errors or re.fullmatch(r"SR_BACKEND_FAILURE_\d+", code) is not None


MODEL = Model()
