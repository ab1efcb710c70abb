# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes the flattened model, datamodel/api.json: one item a line, sorted, so that a diff of two versions
is a list of API changes."""

import json

from model import state_of


def _line(item):
    return json.dumps(item, ensure_ascii=False, separators=(", ", ": "))


def _lean(**item):
    """Without what is absent or empty; a default may be empty and stays."""
    return {k: v for k, v in item.items() if k == "default" or (v is not None and v not in ("", [], {}))}


def _lifecycle(steps):
    return {"state": state_of(steps), **steps}


def _default(item):
    return {"default": item.default} if item.has_default else {}


def _class(cls):
    return _lean(
        name=cls.name,
        doc=cls.doc,
        flags=sorted(cls.flags),
        reader=cls.reader,
        writer=cls.writer,
        **_lifecycle(cls.lifecycle),
    )


def _field(cls, field):
    link = ("to " if field.stored else "from ") + ".".join(field.link) if field.link else ""
    return _lean(
        name=f"{cls.name}.{field.name}",
        type=str(field.type),
        qualifier=field.qualifier,
        doc=field.doc,
        **_default(field),
        flags=sorted(field.flags),
        link=link,
        reader=field.reader,
        writer=field.writer,
        keys=field.keys,
        db_name=field.db_name if field.db_name != field.name else "",
        **_lifecycle(field.lifecycle),
    )


def _message(message):
    params = [_lean(name=p.name, type=str(p.type), **_default(p)) for p in message.params]
    return _lean(
        name=message.wire_name,
        kind=message.kind,
        params=params,
        result=str(message.result),
        role=message.role,
        doc=message.doc,
        flags=sorted(message.flags),
        errors=message.errors,
        keys=message.keys,
        **_lifecycle(message.lifecycle),
    )


def emit(model):
    """The text of api.json."""
    sections = {
        "classes": [_class(c) for c in model.classes],
        "enums": [
            _lean(name=e.name, **{"class": e.owner}, doc=e.doc, values=list(e.values), flags=sorted(e.flags))
            for e in model.enums
        ],
        "fields": [_field(c, f) for c in model.classes for f in c.fields],
        "messages": [_message(m) for c in model.classes for m in c.messages],
        "errors": [
            {"name": e.name, "doc": e.doc, "params": e.params} for e in model.errors
        ],
        "roles": [_lean(name=r.name, uuid=r.uuid, doc=r.doc, flags=sorted(r.flags)) for r in model.roles],
        "permissions": [{"name": p.name, "role": p.role} for p in model.permissions],
        "alerts": [_lean(name=a.name, priority=a.priority, doc=a.doc) for a in model.alerts],
    }
    out = []
    for name, items in sections.items():
        ordered = items if name == "roles" else sorted(items, key=lambda i: (i["name"].lower(), i["name"]))
        out.append(f'"{name}": [\n' + ",\n".join(map(_line, ordered)) + "\n]")
    return "{\n" + ",\n".join(out) + "\n}\n"
