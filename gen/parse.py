# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads the text of datamodel/*.dm into a model.  The format is described in datamodel/FORMAT.md."""

import json
import os
import re

from model import (
    LIFECYCLE,
    SCALARS,
    Alert,
    Class,
    DatamodelError,
    Enum,
    Error,
    Field,
    Message,
    Model,
    Param,
    Permission,
    Pos,
    Role,
    Type,
)

QUALIFIERS = ("rw", "static", "dynamic")
FLAGS = {
    Class: {"constructor", "no-database", "kept", "volatile", "no-events", "no-get-all", "no-tasks", "no-async"},
    Enum: {"exact-case"},
    Field: {"internal", "volatile", "side-effect", "dangling", "client-cert"},
    Message: {
        "sync",
        "query",
        "no-session",
        "hidden",
        "pool-internal",
        "secret",
        "client-cert",
        "no-current-ops",
        "raw-result",
        "emergency",
        "host-extension",
    },
    Role: {"internal"},
}
REPEATABLE = {"doc", "flags", "key", "value", "param", "errors"}
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")


def parse_type(text, pos):
    """'map(string,ref(VM))' -> Type.  Raises DatamodelError."""
    typ, rest = _type_prefix(text, pos, 0)
    if rest:
        raise pos.error(f"'{rest}' left over after type '{typ}'")
    return typ


def _type_prefix(text, pos, depth):
    m = re.match(r"[a-z_]+", text)
    if not m or depth > 8:
        raise pos.error(f"a type is missing at '{text}'")
    kind, rest = m[0], text[m.end() :]
    if kind in SCALARS:
        return Type(kind), rest
    if kind in ("enum", "ref", "record"):
        m = re.match(r"\((<class>|[A-Za-z][A-Za-z0-9_]*)\)", rest)
        if not m:
            raise pos.error(f"'{kind}' needs a name in parentheses")
        return Type(kind, name=m[1]), rest[m.end() :]
    if kind in ("set", "option"):
        elem, rest = _type_prefix(_expect(rest, "(", kind, pos), pos, depth + 1)
        return Type(kind, elem=elem), _expect(rest, ")", kind, pos)
    if kind == "map":
        key, rest = _type_prefix(_expect(rest, "(", kind, pos), pos, depth + 1)
        elem, rest = _type_prefix(_expect(rest, ",", kind, pos), pos, depth + 1)
        return Type(kind, key=key, elem=elem), _expect(rest, ")", kind, pos)
    raise pos.error(f"unknown type '{kind}'")


def _expect(text, char, kind, pos):
    if not text.startswith(char):
        raise pos.error(f"'{char}' missing in type '{kind}'")
    return text[1:]


def _words(rest, count, usage, pos):
    words = rest.split()
    if len(words) != count:
        raise pos.error(f"expected '{usage}'")
    return words


def _name(text, pos):
    if not NAME.match(text):
        raise pos.error(f"'{text}' is not a name")
    return text


def _default(text, pos):
    """Splits 'TYPE = JSON'; returns (type text, value, whether there was one)."""
    left, equals, right = text.partition(" = ")
    if not equals:
        return text.strip(), None, False
    try:
        return left.strip(), json.loads(right), True
    except ValueError as exc:
        raise pos.error(f"default '{right.strip()}' is not JSON ({exc})") from exc


class Parser:
    """Reads files one after another into 'model'."""

    def __init__(self):
        self.model = Model()
        self.cls = None  # class of the file being read
        self.item = None  # what attribute lines belong to
        self.given = set()  # its attributes so far that may come once

    def read(self, path, shown):
        self.cls = self.item = None
        with open(path, encoding="utf-8") as f:
            for number, line in enumerate(f, 1):
                self._line(line.rstrip("\n"), Pos(shown, number))

    def _line(self, line, pos):
        if not line.strip() or line.lstrip().startswith("#"):
            return
        if line != line.rstrip() or "\t" in line:
            raise pos.error("a tab, or a blank at the end of the line")
        indent = len(line) - len(line.lstrip(" "))
        keyword, _, rest = line.strip().partition(" ")
        if indent == 0:
            starter = getattr(self, "_start_" + keyword, None)
            if not starter:
                raise pos.error(f"unknown keyword '{keyword}'")
            self.item = starter(rest.strip(), pos)
            self.given = set()
        elif indent == 2:
            self._attribute(keyword, rest.strip(), pos)
        else:
            raise pos.error("attributes are indented by two blanks")

    def _attribute(self, keyword, rest, pos):
        attribute = getattr(self, "_attr_" + keyword, None)
        if self.item is None or not attribute:
            raise pos.error(f"unknown attribute '{keyword}'")
        once = "lifecycle" if keyword in LIFECYCLE else keyword
        if once in self.given:
            raise pos.error(f"'{once}' is there twice")
        if once not in REPEATABLE:
            self.given.add(once)
        attribute(rest, pos)

    # Top-level lines.

    def _start_class(self, rest, pos):
        if self.cls:
            raise pos.error("a file holds one class")
        self.cls = Class(_name(rest, pos), pos)
        self.model.classes.append(self.cls)
        return self.cls

    def _in_class(self, pos):
        if not self.cls:
            raise pos.error("no class has been opened in this file")
        return self.cls

    def _start_enum(self, rest, pos):
        cls = self._in_class(pos)
        enum = Enum(_name(rest, pos), pos, owner=cls.name)
        cls.enums.append(enum)
        return enum

    def _start_field(self, rest, pos):
        cls = self._in_class(pos)
        text, default, has_default = _default(rest, pos)
        name, qualifier, typ = _words(text, 3, "field NAME rw|static|dynamic TYPE [= DEFAULT]", pos)
        if qualifier not in QUALIFIERS:
            raise pos.error(f"unknown qualifier '{qualifier}'")
        field = Field(
            _name(name, pos).replace("__", "_"),
            pos,
            db_name=name,
            qualifier=qualifier,
            type=parse_type(typ, pos),
            default=default,
            has_default=has_default,
        )
        cls.fields.append(field)
        return field

    def _start_message(self, rest, pos):
        cls = self._in_class(pos)
        message = Message(_name(rest, pos), pos, cls=cls.name)
        cls.messages.append(message)
        return message

    def _start_error(self, rest, pos):
        m = re.match(r"([A-Z0-9_]+)(?: \(([^()]*)\))?\Z", rest)
        if not m:
            raise pos.error("expected 'error CODE' or 'error CODE (PARAM, PARAM)'")
        params = None
        if m[2] is not None:
            params = [p.strip() for p in m[2].split(",")] if m[2] else []
        error = Error(m[1], pos, params=params)
        self.model.errors.append(error)
        return error

    def _start_role(self, rest, pos):
        name, uuid = _words(rest, 2, "role NAME UUID", pos)
        role = Role(name, pos, uuid=uuid)
        self.model.roles.append(role)
        return role

    def _start_permission(self, rest, pos):
        name, role = _words(rest, 2, "permission NAME ROLE", pos)
        self.model.permissions.append(Permission(name, role, pos))

    def _start_alert(self, rest, pos):
        name, priority = _words(rest, 2, "alert NAME PRIORITY", pos)
        if not re.match(r"[1-5]\Z", priority):
            raise pos.error(f"priority '{priority}' is not between 1 and 5")
        alert = Alert(name, pos, priority=int(priority))
        self.model.alerts.append(alert)
        return alert

    # Attributes.

    def _need(self, classes, keyword, pos):
        if not isinstance(self.item, classes):
            kind = type(self.item).__name__.lower()
            raise pos.error(f"a {kind} has no '{keyword}'")
        return self.item

    def _attr_doc(self, rest, pos):
        if not rest:
            raise pos.error("an empty doc")
        self.item.doc = f"{self.item.doc} {rest}".strip()

    def _attr_flags(self, rest, pos):
        known = FLAGS.get(type(self.item), set())
        for flag in rest.split():
            if flag not in known:
                raise pos.error(f"unknown flag '{flag}'")
            self.item.flags.add(flag)

    def _lifecycle(self, keyword, rest, pos):
        item = self._need((Class, Field, Message), keyword, pos)
        steps = {}
        for step in f"{keyword} {rest}".split(","):
            word, release = _words(step, 2, "since RELEASE, deprecated RELEASE ...", pos)
            if word not in LIFECYCLE or word in steps:
                raise pos.error(f"lifecycle step '{word}' is unknown or twice there")
            steps[word] = release
        item.lifecycle = steps

    def _attr_prototyped(self, rest, pos):
        self._lifecycle("prototyped", rest, pos)

    def _attr_since(self, rest, pos):
        self._lifecycle("since", rest, pos)

    def _attr_reader(self, rest, pos):
        self._need((Class, Field), "reader", pos).reader = rest

    def _attr_writer(self, rest, pos):
        self._need((Class, Field), "writer", pos).writer = rest

    def _attr_role(self, rest, pos):
        self._need(Message, "role", pos).role = rest

    def _attr_key(self, rest, pos):
        item = self._need(Field, "key", pos)
        key, role = _words(rest, 2, "key PATTERN ROLE", pos)
        if key in item.keys:
            raise pos.error(f"key '{key}' is there twice")
        item.keys[key] = role

    def _link(self, rest, stored, pos):
        item = self._need(Field, "to" if stored else "from", pos)
        cls, dot, name = rest.partition(".")
        if not dot:
            raise pos.error("expected CLASS.FIELD")
        item.link = (cls, name)
        item.stored = stored

    def _attr_to(self, rest, pos):
        self._link(rest, True, pos)

    def _attr_from(self, rest, pos):
        self._link(rest, False, pos)

    def _attr_value(self, rest, pos):
        enum = self._need(Enum, "value", pos)
        value, _, doc = rest.partition(" ")
        if not value or value in enum.values:
            raise pos.error(f"value '{value}' is empty or twice there")
        enum.values[value] = doc.strip()

    def _attr_param(self, rest, pos):
        message = self._need(Message, "param", pos)
        text, default, has_default = _default(rest, pos)
        name, typ = _words(text, 2, "param NAME TYPE [= DEFAULT]", pos)
        message.params.append(Param(_name(name, pos), parse_type(typ, pos), pos, default, has_default))

    def _attr_result(self, rest, pos):
        self._need(Message, "result", pos).result = parse_type(rest, pos)

    def _attr_errors(self, rest, pos):
        self._need(Message, "errors", pos).errors += rest.split()


def parse_folder(folder):
    """All .dm files of 'folder' as a model, classes in the order of their names without case.

    Raises DatamodelError."""
    parser = Parser()
    names = sorted(n for n in os.listdir(folder) if n.endswith(".dm"))
    if not names:
        raise DatamodelError(f"{folder}: no .dm files")
    for name in names:
        parser.read(os.path.join(folder, name), os.path.join(os.path.basename(folder), name))
        if parser.cls and name != parser.cls.name.lower() + ".dm":
            raise parser.cls.pos.error(f"class {parser.cls.name} belongs into another file")
    parser.model.classes.sort(key=lambda c: c.name.lower())
    parser.model.errors.sort(key=lambda e: e.name)
    return parser.model
