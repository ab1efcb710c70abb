# SPDX-License-Identifier: GPL-2.0-or-later
"""Consistency of a parsed and expanded model: names, types, defaults, roles, links, errors, prose."""

from model import LOCAL_ROOT, identifier


class Checker:
    def __init__(self, model):
        self.model = model
        self.faults = []  # DatamodelError, in the order found
        self.enums = {}
        self.classes = {c.name: c for c in model.classes}
        self.roles = {r.name for r in model.roles} | {LOCAL_ROOT}
        self.errors = {e.name for e in model.errors}

    def fault(self, pos, text):
        self.faults.append(pos.error(text))

    def run(self):
        self._unique(self.model.classes, "class", key=lambda c: identifier(c.name))
        self._unique(self.model.enums, "enum")
        self._unique(self.model.errors, "error")
        self._unique(self.model.roles, "role")
        self._unique(self.model.alerts, "alert")
        self._unique(self.model.permissions, "permission")
        self._identifiers()
        self.enums = {e.name: e for e in self.model.enums}
        for enum in self.model.enums:
            if not enum.values:
                self.fault(enum.pos, f"enum {enum.name} has no values")
        for permission in self.model.permissions:
            self._role(permission.role, permission.pos)
        for cls in self.model.classes:
            self._class(cls)
        return self.faults

    def _unique(self, items, what, key=lambda i: i.name):
        seen = {}
        for item in items:
            first = seen.setdefault(key(item), item)
            if first is not item:
                where = f"{first.pos.file}:{first.pos.line}"
                self.fault(item.pos, f"{what} {item.name} is there twice, first at {where}")

    def _identifiers(self):
        """C names that the emitters make must differ as well."""
        seen = {}
        for cls in self.model.classes:
            for field in cls.fields:
                name = f"F_{identifier(cls.name)}_{identifier(field.name)}"
                if seen.setdefault(name, field) is not field:
                    self.fault(field.pos, f"the identifier {name} is taken by another field")
        for enum in self.model.enums:
            for value in enum.values:
                name = f"E_{identifier(enum.name)}_{identifier(value)}"
                if seen.setdefault(name, (enum, value)) != (enum, value):
                    self.fault(enum.pos, f"the identifier {name} is taken by another value")

    def _role(self, role, pos):
        if not role:
            self.fault(pos, "a role is missing")
        elif role not in self.roles:
            self.fault(pos, f"unknown role '{role}'")

    def _class(self, cls):
        if not cls.lifecycle:
            self.fault(cls.pos, f"class {cls.name} has no lifecycle")
        self._role(cls.reader, cls.pos)
        self._role(cls.writer, cls.pos)
        self._unique(cls.fields, "field", key=lambda f: f.name)
        self._unique(cls.messages, "message")
        for field in cls.fields:
            self._field(cls, field)
        for message in cls.messages:
            if message.kind == "custom":  # the others are as good as the class and its fields
                self._message(message)

    def _field(self, cls, field):
        self._role(field.reader, field.pos)
        self._role(field.writer, field.pos)
        for role in field.keys.values():
            self._role(role, field.pos)
        if field.keys and field.type.kind != "map":
            self.fault(field.pos, "only a map has key rules")
        if not self._type(field.type, field.pos):
            return
        if field.has_default:
            self._default(field.default, field.type, field.pos)
        if field.link:
            self._link(cls, field)

    def _type(self, typ, pos):
        """Whether each name in 'typ' is known."""
        for part in typ.parts():
            known = self.enums if part.kind == "enum" else self.classes
            if part.name and part.name != "<class>" and part.name not in known:
                self.fault(pos, f"unknown name in type '{part}'")
                return False
            if part.key and part.key.kind not in ("string", "int", "enum", "ref"):
                self.fault(pos, f"'{part.key}' cannot be the key of a map")
                return False
        return True

    def _default(self, value, typ, pos):
        if not self._fits(value, typ):
            self.fault(pos, f"default {value!r} is no {typ}")

    def _fits(self, value, typ):
        kind = typ.kind
        if kind in ("string", "secret_string", "datetime"):
            return isinstance(value, str)
        if kind == "ref":
            return isinstance(value, str) and value.startswith("OpaqueRef:")
        if kind == "enum":
            return value in list(self.enums[typ.name].values)
        if kind == "bool":
            return isinstance(value, bool)
        if kind == "int":
            return isinstance(value, int) and not isinstance(value, bool)
        if kind == "float":
            return isinstance(value, float)
        if kind in ("set", "option"):
            return isinstance(value, list) and all(self._fits(v, typ.elem) for v in value)
        if kind == "map":
            return isinstance(value, dict) and all(self._fits(v, typ.elem) for v in value.values())
        return False

    def _link(self, cls, field):
        other_name, field_name = field.link
        other = self.classes.get(other_name)
        end = other.field_by_name(field_name) if other else None
        if not end:
            self.fault(field.pos, f"no field {other_name}.{field_name} to link with")
            return
        if end.link != (cls.name, field.name) or end.stored == field.stored:
            word = "from" if field.stored else "to"
            self.fault(end.pos, f"expected '{word} {cls.name}.{field.name}' here")
        refs = [p for p in field.type.parts() if p.kind == "ref"]
        if [p.name for p in refs] != [other_name]:
            self.fault(field.pos, f"a link to {other_name} cannot have type '{field.type}'")
        if not field.stored and field.type.kind != "set":
            self.fault(field.pos, "a derived field is a set of references")

    def _message(self, message):
        self._role(message.role, message.pos)
        self._type(message.result, message.pos)
        optional = False
        for param in message.params:
            if self._type(param.type, param.pos) and param.has_default:
                self._default(param.default, param.type, param.pos)
            if optional and not param.has_default:
                self.fault(param.pos, "a required parameter follows an optional one")
            optional = param.has_default
        self._unique(message.params, "parameter")
        for code in message.errors:
            if code not in self.errors:
                self.fault(message.pos, f"unknown error '{code}'")


def check(model):
    """All faults of 'model', best repaired in this order; empty when it is sound."""
    return Checker(model).run()


def undocumented(model):
    """Everything whose sentence is missing, as faults."""
    items = list(model.classes) + model.enums + model.errors + model.roles + model.alerts
    for cls in model.classes:
        items += cls.fields
        items += [m for m in cls.messages if m.kind == "custom"]
    return [i.pos.error(f"{type(i).__name__.lower()} {i.name} has no doc") for i in items if not i.doc]
