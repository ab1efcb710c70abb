# SPDX-License-Identifier: GPL-2.0-or-later
"""Fills in what follows by rule: inherited lifecycles and roles, and the messages each class and field brings.

The rules are the section "What follows by rule" of datamodel/FORMAT.md.
"""

from model import Message, Param, Type


def expand(model):
    """Completes 'model' in place; messages of each class become generated ones first, then custom ones."""
    for cls in model.classes:
        for field in cls.fields:
            _inherit(cls, field)
        for message in cls.messages:
            message.lifecycle = message.lifecycle or cls.lifecycle
            message.keys = _keys_of_custom(cls, message)
        cls.messages = _object_messages(cls) + _field_messages(cls) + cls.messages


def _inherit(cls, field):
    field.lifecycle = field.lifecycle or cls.lifecycle
    field.reader = field.reader or cls.reader
    if not field.writer:
        field.writer = "pool-admin" if field.name == "uuid" else cls.writer


def _keys_of_custom(cls, message):
    """A hand-written add_to_x or remove_from_x obeys the key rules of field x."""
    for prefix in ("add_to_", "remove_from_"):
        if message.name.startswith(prefix):
            field = cls.field_by_name(message.name[len(prefix) :])
            return field.keys if field else {}
    return {}


def _object_messages(cls):
    if "no-database" in cls.flags:
        return []
    ref, record = Type("ref", name=cls.name), Type("record", name=cls.name)
    refs, records = Type("set", elem=ref), Type("map", key=ref, elem=record)
    string = Type("string")

    def make(kind, params, result, role=cls.reader, flags=()):
        params = [Param(name, typ, cls.pos) for name, typ in params]
        return Message(
            kind,
            cls.pos,
            kind=kind,
            cls=cls.name,
            params=params,
            result=result,
            role=role,
            flags=set(flags),
            lifecycle=cls.lifecycle,
        )

    out = [
        make("get_record", [("self", ref)], record, flags=("sync",)),
        make("get_by_uuid", [("uuid", string)], ref, flags=("sync",)),
    ]
    if "constructor" in cls.flags:
        out.append(make("create", [("args", record)], ref, cls.writer))
        out.append(make("destroy", [("self", ref)], Type("void"), cls.writer))
    if any(f.db_name == "name__label" for f in cls.fields):
        out.append(make("get_by_name_label", [("label", string)], refs, flags=("sync",)))
    if "no-get-all" not in cls.flags:
        hidden = ("sync", "hidden")
        out += [
            make("get_all", [], refs, flags=("sync",)),
            make("get_all_where", [("expr", string)], refs, flags=hidden),
            make("get_all_records", [], records, flags=("sync",)),
            make("get_all_records_where", [("expr", string)], records, flags=hidden),
        ]
    for message in out:
        message.doc = OBJECT_DOC[message.kind].format(cls.name)
    return out


OBJECT_DOC = {
    "get_record": "All fields of a {}.",
    "get_by_uuid": "The {} with this uuid.",
    "create": "Makes a new {} from its fields; those left out start at their defaults.",
    "destroy": "Removes a {}.",
    "get_by_name_label": "Each {} whose name_label is exactly this text.",
    "get_all": "Every {} of the pool.",
    "get_all_where": "Each {} that a filter expression matches.",
    "get_all_records": "Every {} of the pool with all its fields.",
    "get_all_records_where": "Each {} that a filter expression matches, with all its fields.",
}


def _field_messages(cls):
    if "no-database" in cls.flags:
        return []
    return [m for f in cls.fields if not f.internal for m in _messages_of_field(cls, f)]


def _messages_of_field(cls, field):
    ref, void = Type("ref", name=cls.name), Type("void")

    def make(kind, name, params, result, role, doc):
        flags = {"sync"} | (field.flags & {"client-cert"} if kind == "set" else set())
        params = [Param(n, t, field.pos) for n, t in [("self", ref)] + params]
        return Message(
            name,
            field.pos,
            doc,
            flags,
            kind=kind,
            cls=cls.name,
            field_name=field.name,
            params=params,
            result=result,
            role=role,
            keys=field.keys if kind in ("add", "remove") else {},
            lifecycle=field.lifecycle,
        )

    yield make("get", f"get_{field.name}", [], field.type, field.reader, field.doc)
    if field.qualifier != "rw":
        return
    value = ("value", field.type)
    yield make("set", f"set_{field.name}", [value], void, field.writer, f"Sets {field.name}. {field.doc}")
    if field.type.kind == "map":
        key, value = ("key", field.type.key), ("value", field.type.elem)
        doc = f"Adds a key to {field.name}; the key must not be there yet."
        yield make("add", f"add_to_{field.name}", [key, value], void, field.writer, doc)
        doc = f"Removes a key from {field.name}; a key that is not there is no error."
        yield make("remove", f"remove_from_{field.name}", [key], void, field.writer, doc)
    elif field.type.kind == "set":
        value = ("value", field.type.elem)
        doc = f"Adds a value to {field.name}; one that is there already is no error."
        yield make("add", f"add_{field.name}", [value], void, field.writer, doc)
        doc = f"Removes a value from {field.name}; one that is not there is no error."
        yield make("remove", f"remove_{field.name}", [value], void, field.writer, doc)


def changes_something(message):
    """Whether a call may change the pool: such calls are audited and wait for start-up."""
    if message.kind == "custom":
        return "query" not in message.flags
    return message.kind in ("create", "destroy", "set", "add", "remove")
