# SPDX-License-Identifier: GPL-2.0-or-later
"""The datamodel in memory: what parse.py builds and every emitter reads.

A Pos names the line a thing was written on, so that each complaint can point at it.
"""

import re
from dataclasses import dataclass, field

SCALARS = ("void", "string", "secret_string", "int", "float", "bool", "datetime")
LIFECYCLE = ("prototyped", "since", "deprecated", "removed", "restored")
STATES = {
    "prototyped": "prototyped",
    "since": "published",
    "deprecated": "deprecated",
    "removed": "removed",
    "restored": "published",
}
LOCAL_ROOT = "local-root"  # no role: only root on the Unix socket or another host of the pool


class DatamodelError(Exception):
    """A mistake in the text; str() starts with file:line."""


@dataclass(frozen=True)
class Pos:
    file: str
    line: int

    def error(self, text):
        return DatamodelError(f"{self.file}:{self.line}: {text}")


@dataclass(frozen=True)
class Type:
    kind: str  # a scalar, or enum, ref, set, map, record, option
    name: str = ""  # enum, ref, record
    key: "Type | None" = None  # map
    elem: "Type | None" = None  # set, option; the value of a map

    def __str__(self):
        if self.kind == "map":
            return f"map({self.key},{self.elem})"
        if self.kind in ("set", "option"):
            return f"{self.kind}({self.elem})"
        if self.name:
            return f"{self.kind}({self.name})"
        return self.kind

    def parts(self):
        """This type and all inside it, innermost first."""
        for inner in (self.key, self.elem):
            if inner:
                yield from inner.parts()
        yield self


@dataclass
class Item:
    """What classes, enums, fields, messages, errors and roles have in common."""

    name: str
    pos: Pos
    doc: str = ""
    flags: set = field(default_factory=set)


@dataclass
class Enum(Item):
    values: dict = field(default_factory=dict)  # value -> sentence or ""
    owner: str = ""


@dataclass
class Field(Item):
    db_name: str = ""
    qualifier: str = ""  # rw, static, dynamic
    type: Type = None
    default: object = None
    has_default: bool = False
    lifecycle: dict = None
    reader: str = ""
    writer: str = ""
    keys: dict = field(default_factory=dict)  # key pattern -> least role
    link: tuple = None  # (class, field) of the other side
    stored: bool = True  # False: derived from the other side

    @property
    def internal(self):
        return "internal" in self.flags


@dataclass
class Param:
    name: str
    type: Type
    pos: Pos
    default: object = None
    has_default: bool = False


@dataclass
class Message(Item):
    kind: str = "custom"
    cls: str = ""
    field_name: str = ""  # generated ones: the field they read or write
    params: list = field(default_factory=list)
    result: Type = Type("void")
    role: str = ""
    errors: list = field(default_factory=list)
    keys: dict = field(default_factory=dict)
    lifecycle: dict = None

    @property
    def wire_name(self):
        return f"{self.cls}.{self.name}"


@dataclass
class Class(Item):
    lifecycle: dict = field(default_factory=dict)
    reader: str = "read-only"
    writer: str = ""
    enums: list = field(default_factory=list)
    fields: list = field(default_factory=list)
    messages: list = field(default_factory=list)  # custom ones; expand.py makes the others

    def field_by_name(self, name):
        return next((f for f in self.fields if f.name == name), None)


@dataclass
class Error(Item):
    params: "list | None" = None  # None: not declared, any number


@dataclass
class Role(Item):
    uuid: str = ""


@dataclass
class Permission:
    name: str
    role: str
    pos: Pos


@dataclass
class Alert(Item):
    priority: int = 0


@dataclass
class Model:
    classes: list = field(default_factory=list)
    errors: list = field(default_factory=list)
    roles: list = field(default_factory=list)  # most powerful first
    permissions: list = field(default_factory=list)
    alerts: list = field(default_factory=list)

    def class_by_name(self, name):
        return next((c for c in self.classes if c.name == name), None)

    @property
    def enums(self):
        return [e for c in self.classes for e in c.enums]

    def roles_from(self, least, client_cert=False):
        """The roles that hold a permission whose least role is 'least', most powerful first.

        client-cert stands outside the ladder: it holds what read-only holds and what is marked for it.
        """
        if least == LOCAL_ROOT:
            return []
        names = [r.name for r in self.roles]
        held = names[: names.index(least) + 1]
        by_mark = client_cert or least == "read-only"
        return [n for n in names if (n in held if n != "client-cert" else by_mark)]


def state_of(lifecycle):
    """published, prototyped, deprecated or removed."""
    return STATES[[k for k in LIFECYCLE if k in lifecycle][-1]]


def identifier(text):
    """A piece of a C identifier, upper case."""
    return re.sub(r"[^A-Z0-9]", "_", text.upper())


def empty_value(typ, enums):
    """What a field without a default starts with, as JSON would hold it."""
    if typ.kind == "enum":
        return next(iter(enums[typ.name].values))
    return {
        "int": 0,
        "float": 0.0,
        "bool": False,
        "datetime": "19700101T00:00:00Z",
        "ref": "OpaqueRef:NULL",
        "set": [],
        "option": [],
        "map": {},
        "record": {},
    }.get(typ.kind, "")
