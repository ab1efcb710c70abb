# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads datamodel/xe/*.dm, the text that describes the xe command, and checks it against the model.

The format is described in datamodel/xe/FORMAT.md.
"""

import os
import re
from dataclasses import dataclass, field

from model import DatamodelError, Pos, Type

MARKS = ("ro", "rw", "sro", "srw", "mro", "mrw")
FIELD_FLAGS = {"settable", "hidden", "expensive", "deprecated", "any-case", "comma"}
COMMAND_FLAGS = {"common", "hidden", "local", "templates", "deprecated"}
# set: the whole value; add, remove: an element or a pair; put: a pair, over what was there;
# whole: all pairs at once; rewrite: the whole value, read before and changed here.
CHANGES = ("set", "add", "remove", "put", "whole", "rewrite")
CALLS = ("call", "when", "given", "then")
SELECTORS = ("vm", "host", "sr")
SPECIAL_WORDS = ("@", "@pool", "@host", "@result")
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*\Z")
# Arguments any command takes; none of them is a filter.
GLOBAL_ARGUMENTS = ("minimal", "force", "multiple", "all", "trace")


@dataclass
class Step:
    cls: str
    field: str


@dataclass
class XeField:
    name: str
    mark: str
    flags: set
    source: str  # path, call, code
    expression: str  # path, message or name of a function
    via: str  # path through the database; with a function: what it reads
    pos: Pos
    changes: dict = field(default_factory=dict)  # one of CHANGES -> message
    path: list = field(default_factory=list)
    type: Type = None

    @property
    def clearable(self):
        return "hidden" not in self.flags and (self.mark[0] in "sm" or self.mark == "rw")


@dataclass
class XeObject:
    name: str
    cls: str
    like: str
    pos: Pos
    filter: list = field(default_factory=list)
    columns: list = field(default_factory=list)
    newest: str = ""  # the API's field by which lists are sorted, latest first
    has_commands: bool = True
    fields: list = field(default_factory=list)


@dataclass
class Word:
    kind: str  # selected, pool, host, result, literal, argument, file, absent, prefix, record
    text: str = ""
    default: "str | None" = None
    member: str = ""  # inside a record: which field
    words: list = field(default_factory=list)


@dataclass
class Call:
    kind: str
    argument: str
    message: str
    words: list
    pos: Pos


@dataclass
class Command:
    name: str
    pos: Pos
    doc: str = ""
    on: str = ""
    need: list = field(default_factory=list)
    may: list = field(default_factory=list)
    flags: set = field(default_factory=set)
    calls: list = field(default_factory=list)
    result: str = ""  # the field of the result to show instead of itself
    code: bool = False
    missing: str = ""  # why xe does not do it yet

    @property
    def arguments(self):
        return self.need + self.may


@dataclass
class Xe:
    objects: list = field(default_factory=list)
    commands: list = field(default_factory=list)
    shown: list = field(default_factory=list)  # (enum, value, text, pos)

    def object_by_name(self, name):
        return next((o for o in self.objects if o.name == name), None)


class Parser:
    def __init__(self):
        self.xe = Xe()
        self.item = None
        self.object = None

    def read(self, path, shown):
        self.item = self.object = None
        with open(path, encoding="utf-8") as f:
            for number, line in enumerate(f, 1):
                self._line(line.rstrip("\n"), Pos(shown, number))

    def _line(self, line, pos):
        if not line.strip() or line.startswith("#"):
            return
        if line != line.rstrip() or "\t" in line:
            raise pos.error("a tab, or a blank at the end of the line")
        indent = len(line) - len(line.lstrip(" "))
        keyword, _, rest = line.strip().partition(" ")
        handler = getattr(self, ("_start_" if indent == 0 else "_attr_") + keyword.replace("-", "_"), None)
        if indent not in (0, 2) or not handler or (indent == 2 and self.item is None):
            raise pos.error(f"unknown line '{keyword}'")
        handler(rest.strip(), pos)

    # Lines that open something.

    def _start_enum(self, rest, pos):
        self.item = rest

    def _attr_show(self, rest, pos):
        value, _, text = rest.partition(" ")
        self.xe.shown.append((self.item, value, text, pos))

    def _start_object(self, rest, pos):
        m = re.match(r"([a-z][a-z-]*) (?:like ([a-z-]+)|([A-Za-z_]+))\Z", rest)
        if not m:
            raise pos.error("expected 'object NAME CLASS' or 'object NAME like OBJECT'")
        self.item = self.object = XeObject(m[1], m[3] or "", m[2] or "", pos)
        self.xe.objects.append(self.object)

    def _start_field(self, rest, pos):
        if not self.object or self.object.like:
            raise pos.error("no object for this field")
        text, _, expression = rest.partition(" = ")
        name, mark, *flags = text.split()
        if not NAME.match(name) or mark not in MARKS or set(flags) - FIELD_FLAGS:
            raise pos.error("expected 'field NAME ro|rw|sro|srw|mro|mrw [FLAG...] [= FROM]'")
        source, _, rest = expression.partition(" ")
        if source not in ("call", "code"):
            source, rest = "path", expression or name.replace("-", "_")
        via = rest
        if source != "path":
            rest, _, via = rest.partition(" ")
        self.item = XeField(name, mark, set(flags), source, rest, via, pos)
        self.object.fields.append(self.item)

    def _start_command(self, rest, pos):
        if not NAME.match(rest):
            raise pos.error(f"'{rest}' is not a name")
        self.item = Command(rest, pos)
        self.xe.commands.append(self.item)

    # Attributes.

    def _need(self, kind, what, pos):
        if not isinstance(self.item, kind):
            raise pos.error(f"'{what}' does not belong here")
        return self.item

    def _attr_filter(self, rest, pos):
        self._need(XeObject, "filter", pos).filter = rest.split()

    def _attr_columns(self, rest, pos):
        self._need(XeObject, "columns", pos).columns = rest.split()

    def _attr_newest(self, rest, pos):
        self._need(XeObject, "newest", pos).newest = rest

    def _attr_no_commands(self, rest, pos):
        self._need(XeObject, "no-commands", pos).has_commands = False

    def _attr_doc(self, rest, pos):
        command = self._need(Command, "doc", pos)
        command.doc = f"{command.doc} {rest}".strip()

    def _attr_on(self, rest, pos):
        if rest not in SELECTORS:
            raise pos.error(f"expected 'on {'|'.join(SELECTORS)}'")
        self._need(Command, "on", pos).on = rest

    def _attr_need(self, rest, pos):
        self._need(Command, "need", pos).need = rest.split()

    def _attr_may(self, rest, pos):
        self._need(Command, "may", pos).may = rest.split()

    def _attr_flags(self, rest, pos):
        if set(rest.split()) - COMMAND_FLAGS:
            raise pos.error(f"unknown flag in '{rest}'")
        self._need(Command, "flags", pos).flags |= set(rest.split())

    def _attr_code(self, rest, pos):
        self._need(Command, "code", pos).code = True

    def _attr_missing(self, rest, pos):
        self._need(Command, "missing", pos).missing = rest

    def _attr_result(self, rest, pos):
        self._need(Command, "result", pos).result = rest

    def _attr_call(self, rest, pos):
        self._call("call", "", rest, pos)

    def _attr_then(self, rest, pos):
        self._call("then", "", rest, pos)

    def _attr_when(self, rest, pos):
        argument, _, rest = rest.partition(" ")
        self._call("when", argument, rest, pos)

    def _attr_given(self, rest, pos):
        argument, _, rest = rest.partition(" ")
        self._call("given", argument, rest, pos)

    def _call(self, kind, argument, rest, pos):
        message, *words = rest.split()
        self._need(Command, kind, pos).calls.append(Call(kind, argument, message, parse_words(words, pos), pos))

    def _change(self, what, rest, pos):
        self._need(XeField, what, pos).changes[what] = rest

    def _attr_set(self, rest, pos):
        self._change("set", rest, pos)

    def _attr_add(self, rest, pos):
        self._change("add", rest, pos)

    def _attr_remove(self, rest, pos):
        self._change("remove", rest, pos)

    def _attr_put(self, rest, pos):
        self._change("put", rest, pos)

    def _attr_whole(self, rest, pos):
        self._change("whole", rest, pos)

    def _attr_rewrite(self, rest, pos):
        self._change("rewrite", rest, pos)


def parse_words(texts, pos):
    """The words behind a message: one an argument; '{ FIELD=WORD ... }' makes a record."""
    out, record = [], None
    for text in texts:
        if text == "{":
            record = Word("record")
            out.append(record)
        elif text == "}":
            record = None
        elif record:
            name, equals, text = text.partition("=")
            if not equals:
                raise pos.error(f"'{name}' in a record is not FIELD=WORD")
            word = parse_word(text)
            word.member = name
            record.words.append(word)
        else:
            out.append(parse_word(text))
    return out


def parse_word(text):
    if text in SPECIAL_WORDS:
        return Word(text[1:] or "selected")
    if text.startswith("="):
        return Word("literal", text[1:])
    if text.startswith("!"):
        return Word("absent", text[1:])
    if text.startswith("<"):
        return Word("file", text[1:])
    if text.endswith((":", "-")):
        return Word("prefix", text)
    name, mark, default = text.partition("?")
    return Word("argument", name, default if mark else None)


class Checker:
    """Finds every name and type; self.faults tells what does not fit the model."""

    def __init__(self, model, xe):
        self.classes = {c.name: c for c in model.classes}
        self.messages = {m.wire_name: m for c in model.classes for m in c.messages}
        self.enums = {e.name: e for e in model.enums}
        self.xe = xe
        self.faults = []

    def fault(self, pos, text):
        self.faults.append(pos.error(text))

    def run(self):
        for enum, value, _, pos in self.xe.shown:
            if enum not in self.enums or value not in self.enums[enum].values:
                self.fault(pos, f"no enum value {enum} {value}")
        for obj in self.xe.objects:
            self._object(obj)
        taken = {c for o in self.xe.objects for c in generated_names(self.xe, o)}
        for command in self.xe.commands:
            if command.name in taken:
                self.fault(command.pos, f"command {command.name} is there twice")
            taken.add(command.name)
            self._command(command)
        return self.faults

    def _object(self, obj):
        if obj.like:
            like = self.xe.object_by_name(obj.like)
            if not like or like.like:
                self.fault(obj.pos, f"no object {obj.like}")
                return
            obj.cls, obj.fields = like.cls, like.fields
        if obj.cls not in self.classes:
            self.fault(obj.pos, f"no class {obj.cls}")
            return
        if obj.newest and not self.classes[obj.cls].field_by_name(obj.newest):
            self.fault(obj.pos, f"{obj.cls} has no field {obj.newest}")
        names = [f.name for f in obj.fields]
        for name in obj.columns + [f.partition("=")[0] for f in obj.filter]:
            if name not in names:
                self.fault(obj.pos, f"{obj.name} has no field {name}")
        if names[:1] != ["uuid"] or len({n.lower() for n in names}) != len(names):
            self.fault(obj.pos, f"the fields of {obj.name} start with uuid, each there once")
        if not obj.like:
            for one in obj.fields:
                self._field(obj, one)

    def _field(self, obj, one):
        if one.via:
            self._path(obj, one)
        if one.source == "call":
            message = self.messages.get(one.expression)
            if not message:
                self.fault(one.pos, f"no message {one.expression}")
            else:
                one.type = message.result
        self._changes(obj, one)
        for message in one.changes.values():
            if message not in self.messages:
                self.fault(one.pos, f"no message {message}")

    def _path(self, obj, one):
        cls = self.classes[obj.cls]
        for name in one.via.split("."):
            found = cls and next((f for f in cls.fields if f.name == name), None)
            if not found:
                self.fault(one.pos, f"no field {name} on the way of {one.via}")
                return
            one.path.append(Step(cls.name, name))
            one.type = found.type
            inner = one.type.elem if one.type.kind == "set" else one.type
            cls = self.classes.get(inner.name) if inner.kind == "ref" else None

    def _changes(self, obj, one):
        """What changes the field when the text does not say: the messages made for an API field."""
        if one.source != "path" or len(one.path) != 1:
            return
        name, own = one.path[0].field, set(one.changes)
        rules = []
        if one.mark == "rw" or "settable" in one.flags:
            rules += [("set", "set_")]
        if one.mark == "srw" and not own & {"rewrite"}:
            rules += [("add", "add_"), ("remove", "remove_")]
        if one.mark == "mrw" and not own & {"put", "whole", "rewrite"}:
            rules += [("add", "add_to_"), ("remove", "remove_from_")]
        for what, prefix in rules:
            message = f"{obj.cls}.{prefix}{name}"
            if what not in own and (message in self.messages or what == "set"):
                one.changes[what] = message

    def _command(self, command):
        if not command.doc:
            self.fault(command.pos, f"command {command.name} has no sentence")
        if bool(command.code) + bool(command.calls) + bool(command.missing) != 1:
            self.fault(command.pos, f"command {command.name} has not one of calls, code and missing")
        for call in command.calls:
            message = self.messages.get(call.message)
            if not message:
                self.fault(call.pos, f"no message {call.message}")
                continue
            n_required = sum(not p.has_default for p in message.params)
            if not n_required <= len(call.words) <= len(message.params):
                self.fault(call.pos, f"{call.message} takes {len(message.params)} arguments, not {len(call.words)}")
            if call.argument and call.argument.partition("=")[0] not in command.arguments + list(GLOBAL_ARGUMENTS):
                self.fault(call.pos, f"{command.name} has no argument {call.argument}")
            for word, param in zip(call.words, message.params):
                self._word(command, call, word, param.type)
            if command.result and call.kind != "then":
                self._result(command, call, message.result)

    def _result(self, command, call, typ):
        cls = self.classes.get(typ.name)
        found = cls and cls.field_by_name(command.result)
        if not found or found.type.kind != "ref":
            self.fault(call.pos, f"{typ} has no reference {command.result}")

    def _word(self, command, call, word, typ):
        if word.kind in ("argument", "file", "absent", "prefix") and word.text not in command.arguments + list(GLOBAL_ARGUMENTS):
            self.fault(call.pos, f"{command.name} has no argument {word.text}")
        if word.kind == "prefix" and typ.kind != "map":
            self.fault(call.pos, f"{word.text} makes a map, not {typ}")
        if word.kind == "file" and typ.kind not in ("string", "secret_string"):
            self.fault(call.pos, f"the file {word.text} is text, not {typ}")
        if word.kind == "selected" and not command.on:
            self.fault(call.pos, f"{command.name} selects nothing")
        if word.kind == "record" and typ.kind != "map":
            fields = {f.name: f for f in self.classes[typ.name].fields} if typ.kind == "record" else {}
            for inner in word.words:
                if inner.member not in fields:
                    self.fault(call.pos, f"{typ} has no field {inner.member}")
                else:
                    self._word(command, call, inner, fields[inner.member].type)


def generated_names(xe, obj):
    """The commands every object has: list, and what its fields allow."""
    fields = obj.fields or (xe.object_by_name(obj.like).fields if xe.object_by_name(obj.like) else [])
    if not obj.has_commands:
        return []
    kinds = ["list", "param-list", "param-get"]
    can = {what for f in fields for what in f.changes}
    if can & {"set", "put", "whole"} or any(f.mark == "mrw" for f in fields):
        kinds.append("param-set")
    if can & {"add", "rewrite"}:
        kinds += ["param-add", "param-remove"]
    if any(f.clearable for f in fields):
        kinds.append("param-clear")
    return [f"{obj.name}-{kind}" for kind in kinds]


def parse_xe(folder, model):
    """The checked description in 'folder'; raises DatamodelError with the first fault."""
    parser = Parser()
    for name in sorted(n for n in os.listdir(folder) if n.endswith(".dm")):
        parser.read(os.path.join(folder, name), f"xe/{name}")
    faults = Checker(model, parser.xe).run()
    if faults:
        raise DatamodelError("\n".join(str(f) for f in faults))
    return parser.xe
