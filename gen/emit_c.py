# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes the model as C: identifiers, and rows of the tables that src/model/model.h declares.

Data only; nothing here is a program.
"""

import json

from expand import changes_something
from model import empty_value, identifier, state_of

BANNER = "/* Generated from datamodel/ by gen/generate.py.  Do not edit. */\n"
TYPE_KINDS = {"secret_string": "TYPE_SECRET"}
QUALIFIERS = {"rw": "FIELD_RW", "static": "FIELD_STATIC_RO", "dynamic": "FIELD_DYNAMIC_RO"}
METHOD_FLAGS = {
    "hidden": "METHOD_HIDDEN",
    "pool-internal": "METHOD_POOL_INTERNAL",
    "secret": "METHOD_SECRET",
    "no-current-ops": "METHOD_NO_CURRENT_OPS",
    "host-extension": "METHOD_HOST_EXTENSION",
    "emergency": "METHOD_EMERGENCY",
    "raw-result": "METHOD_RAW_RESULT",
}


def c_string(text):
    """'text' as a C literal; None is NULL."""
    if text is None:
        return "NULL"
    out = []
    for byte in text.encode():
        char = chr(byte)
        if char in '\\"':
            out.append("\\" + char)
        elif 32 <= byte < 127 and char != "?":  # no trigraphs
            out.append(char)
        else:
            out.append(f"\\{byte:03o}")
    return '"' + "".join(out) + '"'


def c_bool(value):
    return "true" if value else "false"


def json_text(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def hash_text(text):
    """FNV-1a; src/model/model.c computes the same."""
    value = 2166136261
    for byte in text.encode():
        value = ((value ^ byte) * 16777619) & 0xFFFFFFFF
    return value


def slot_table(names):
    """Open addressing: position of each name by its hash; 0 is empty, else index + 1."""
    size = 1
    while size < 2 * len(names):
        size *= 2
    slots = [0] * size
    for index, name in enumerate(names):
        at = hash_text(name) & (size - 1)
        while slots[at]:
            at = (at + 1) & (size - 1)
        slots[at] = index + 1
    return slots


class Flat:
    """One C array of rows; a list put twice is stored once."""

    def __init__(self, declaration, name):
        self.declaration = declaration
        self.name = name
        self.rows = []
        self.known = {}

    def put(self, rows):
        """The C expression that points at 'rows'."""
        if not rows:
            return "NULL"
        key = tuple(rows)
        if key not in self.known:
            self.known[key] = len(self.rows)
            self.rows += rows
        return f"&{self.name}[{self.known[key]}]"

    def text(self):
        rows = self.rows or ["{0}"]
        body = "".join(f"    {row},\n" for row in rows)
        return f"static const {self.declaration} {self.name}[{len(rows)}] = {{\n{body}}};\n\n"


def err_codes_h(model):
    codes = "".join(f"    ERR_{e.name},\n" for e in model.errors)
    return (
        BANNER
        + "#pragma once\n\n#include <stdint.h>\n\n"
        + "enum err_code {\n    ERR_UNKNOWN, /* none of the datamodel's */\n"
        + codes
        + "};\n"
        + f"#define N_ERR_CODES {len(model.errors) + 1}\n\n"
        + "/* Indexed by enum err_code; names are sorted, after the first. */\n"
        + "extern const char *const err_code_names[N_ERR_CODES];\n"
        + "extern const int8_t err_code_n_params[N_ERR_CODES]; /* -1: not declared, any number */\n"
        + "extern const char *const err_code_docs[N_ERR_CODES];\n"
    )


def err_codes_c(model):
    def table(declaration, first, values):
        return f"{declaration} = {{\n    {first},\n" + "".join(f"    {v},\n" for v in values) + "};\n"

    errors = model.errors
    counts = [-1 if e.params is None else len(e.params) for e in errors]
    return "\n".join(
        [
            BANNER + '#include "err_codes.h"\n',
            table(
                "const char *const err_code_names[N_ERR_CODES]",
                '"unknown"',
                [c_string(e.name) for e in errors],
            ),
            table("const int8_t err_code_n_params[N_ERR_CODES]", "-1", counts),
            table(
                "const char *const err_code_docs[N_ERR_CODES]",
                '""',
                [c_string(e.doc) for e in errors],
            ),
        ]
    )


def role_mask(names):
    return " | ".join(f"ROLE_{identifier(n)}" for n in names) or "0"


class Ids:
    """Where each class, field and enum stands in the tables."""

    def __init__(self, model):
        self.model = model
        self.enums = sorted(model.enums, key=lambda e: e.name)
        self.enum_by_name = {e.name: e for e in self.enums}
        self.enum_index = {e.name: i for i, e in enumerate(self.enums)}
        self.class_index = {c.name: i for i, c in enumerate(model.classes)}

    @staticmethod
    def cls(name):
        return f"CLASS_{identifier(name)}"

    @staticmethod
    def field(cls, name):
        return f"F_{identifier(cls)}_{identifier(name)}"


def model_ids_h(ids):
    model = ids.model
    out = [BANNER, "#pragma once\n\n", "enum class_id {\n"]
    out += [f"    {ids.cls(c.name)},\n" for c in model.classes]
    out.append(f"}};\n#define N_CLASSES {len(model.classes)}\n\n")
    out.append("/* Index of a field in its class. */\n")
    for cls in model.classes:
        if cls.fields:
            body = "".join(f"    {ids.field(cls.name, f.name)},\n" for f in cls.fields)
            out.append(f"enum {{\n{body}}};\n")
    out.append("\n/* Index of a value in its enum. */\n")
    for enum in ids.enums:
        prefix = f"E_{identifier(enum.name)}_"
        body = "".join(f"    {prefix}{identifier(v)},\n" for v in enum.values)
        out.append(f"enum {{\n{body}}};\n")
    out.append("\n/* Most powerful first. */\nenum role_bit {\n")
    out += [f"    ROLE_{identifier(r.name)} = 1 << {i},\n" for i, r in enumerate(model.roles)]
    out.append(f"}};\n#define N_ROLES {len(model.roles)}\n")
    return "".join(out)


class Tables:
    """Collects the rows of model_tables.c."""

    def __init__(self, ids):
        self.ids = ids
        self.model = ids.model
        self.types = {}  # text -> index
        self.type_rows = []
        self.params = Flat("struct param_def", "param_rows")
        self.keys = Flat("struct key_rule", "key_rows")
        self.errors = Flat("enum err_code", "error_rows")
        self.field_rows = []
        self.method_rows = []
        self.method_names = []
        self.field_names = []
        self.class_rows = []

    def type(self, typ):
        """The C expression that points at the row of 'typ'."""
        text = str(typ)
        if text not in self.types:
            elem = self.type(typ.elem) if typ.elem else "NULL"
            key = self.type(typ.key) if typ.key else "NULL"
            enm = f"&enums[{self.ids.enum_index[typ.name]}]" if typ.kind == "enum" else "NULL"
            named = typ.kind in ("ref", "record") and typ.name in self.ids.class_index
            cls = self.ids.cls(typ.name) if named else "-1"
            kind = TYPE_KINDS.get(typ.kind, "TYPE_" + typ.kind.upper())
            self.types[text] = len(self.type_rows)
            self.type_rows.append(f"{{{kind}, {c_string(text)}, {elem}, {key}, {enm}, {cls}}}")
        return f"&types[{self.types[text]}]"

    def key_rules(self, keys):
        rows = [f"{{{c_string(k)}, {role_mask(self.model.roles_from(r))}}}" for k, r in keys.items()]
        return self.keys.put(rows), len(rows)

    def field(self, cls, field):
        relation, rel_class, rel_field = "REL_NONE", "-1", "-1"
        if field.link:
            many = field.type.kind == "set"
            relation = ("REL_MANY" if many else "REL_PARENT") if field.stored else "REL_DERIVED"
            rel_class, rel_field = self.ids.cls(field.link[0]), self.ids.field(*field.link)
        value = field.default
        if not field.has_default:
            value = empty_value(field.type, self.ids.enum_by_name)
        required = (
            "constructor" in cls.flags
            and field.qualifier in ("rw", "static")
            and not field.internal
            and not field.has_default
        )
        keys, n_keys = self.key_rules(field.keys)
        cells = [
            c_string(field.name),
            c_string(field.db_name),
            self.type(field.type),
            QUALIFIERS[field.qualifier],
            c_bool(field.internal),
            c_bool("volatile" not in field.flags),
            c_bool(required),
            c_bool("side-effect" in field.flags),
            relation,
            rel_class,
            rel_field,
            c_string(json_text(value)),
            role_mask(self.model.roles_from(field.reader)),
            role_mask(self.model.roles_from(field.writer, "client-cert" in field.flags)),
            keys,
            str(n_keys),
            c_string(field.doc),
        ]
        self.field_names.append(f"{cls.name}.{field.name}")
        self.field_rows.append("{" + ", ".join(cells) + "}")

    def method(self, cls, message):
        flags = [c for f, c in METHOD_FLAGS.items() if f in message.flags]
        flags += ["METHOD_SESSION"] if "no-session" not in message.flags else []
        flags += ["METHOD_ASYNC"] if "sync" not in message.flags else []
        flags += ["METHOD_REMOVED"] if state_of(message.lifecycle) == "removed" else []
        flags += ["METHOD_EFFECT"] if changes_something(message) else []
        params = [
            f"{{{c_string(p.name)}, {self.type(p.type)}, "
            f"{c_string(json_text(p.default)) if p.has_default else 'NULL'}}}"
            for p in message.params
        ]
        keys, n_keys = self.key_rules(message.keys)
        roles = self.model.roles_from(message.role, "client-cert" in message.flags)
        cells = [
            c_string(message.wire_name),
            c_string(message.name),
            self.ids.cls(cls.name),
            f"METHOD_{message.kind.upper()}",
            self.ids.field(cls.name, message.field_name) if message.field_name else "-1",
            " | ".join(sorted(flags)) or "0",
            self.params.put(params),
            str(len(params)),
            str(sum(not p.has_default for p in message.params)),
            self.type(message.result),
            role_mask(roles),
            keys,
            str(n_keys),
            self.errors.put([f"ERR_{e}" for e in message.errors]),
            str(len(message.errors)),
            c_string(message.doc),
        ]
        self.method_names.append(message.wire_name)
        self.method_rows.append("{" + ", ".join(cells) + "}")

    def cls(self, cls):
        first_field, first_method = len(self.field_rows), len(self.method_rows)
        for field in cls.fields:
            self.field(cls, field)
        for message in cls.messages:
            self.method(cls, message)

        def index_of(name):
            return self.ids.field(cls.name, name) if cls.field_by_name(name) else "-1"

        cells = [
            c_string(cls.name),
            c_string(cls.name.lower()),
            c_bool("no-database" not in cls.flags or "kept" in cls.flags),
            c_bool("volatile" not in cls.flags or "kept" in cls.flags),
            c_bool("no-events" not in cls.flags),
            c_bool("no-get-all" not in cls.flags),
            c_bool("no-tasks" not in cls.flags),
            f"&field_rows[{first_field}]" if cls.fields else "NULL",
            str(len(cls.fields)),
            index_of("uuid"),
            index_of("name_label"),
            str(first_method),
            str(len(self.method_rows) - first_method),
            c_string(cls.doc),
        ]
        self.class_rows.append("{" + ", ".join(cells) + "}")


def rows_text(declaration, rows):
    body = "".join(f"    {row},\n" for row in rows)
    return f"{declaration} = {{\n{body}}};\n\n"


def enum_tables(enums):
    out = []
    for enum in enums:
        values = ", ".join(c_string(v) for v in enum.values)
        out.append(f"static const char *const values_{enum.name}[] = {{{values}}};\n")
    rows = [
        f"{{{c_string(e.name)}, values_{e.name}, {len(e.values)}, "
        f"{c_bool('exact-case' in e.flags)}, {c_string(e.doc)}}}"
        for e in enums
    ]
    out.append(rows_text("const struct enum_def enums[]", rows))
    out.append(f"const uint16_t n_enums = {len(enums)};\n\n")
    return "".join(out)


def slots_text(name, names):
    slots = slot_table(names)
    lines = [", ".join(map(str, slots[i : i + 16])) for i in range(0, len(slots), 16)]
    mask = f"const uint32_t {name}_mask = {len(slots) - 1};\n"
    return mask + rows_text(f"const uint16_t {name}_slots[]", lines)


def model_tables_c(ids):
    model, tables = ids.model, Tables(ids)
    for cls in model.classes:
        tables.cls(cls)
    roles = [c_string(r.name) for r in model.roles]
    uuids = [c_string(r.uuid) for r in model.roles]
    docs = [c_string(r.doc) for r in model.roles]
    permissions = [
        f"{{{c_string(p.name)}, {role_mask(model.roles_from(p.role))}}}"
        for p in sorted(model.permissions, key=lambda p: p.name)
    ]
    alerts = [f"{{{c_string(a.name)}, {a.priority}, {c_string(a.doc)}}}" for a in sorted(model.alerts, key=lambda a: a.name)]
    objects = error_objects(model)
    n_types = len(tables.type_rows)
    return "".join(
        [
            BANNER,
            '#include "model/model.h"\n\n#include "model/model_private.h"\n\n',
            enum_tables(ids.enums),
            rows_text(f"static const struct type types[{n_types}]", tables.type_rows),
            tables.params.text(),
            tables.keys.text(),
            tables.errors.text(),
            rows_text(f"const struct field_def field_rows[{len(tables.field_rows)}]", tables.field_rows),
            rows_text("const struct method_def methods[]", tables.method_rows),
            f"const uint16_t n_methods = {len(tables.method_rows)};\n\n",
            rows_text("const struct class_def classes[N_CLASSES]", tables.class_rows),
            rows_text("const char *const role_names[N_ROLES]", roles),
            rows_text("const char *const role_uuids[N_ROLES]", uuids),
            rows_text("const char *const role_docs[N_ROLES]", docs),
            rows_text("const struct permission_def permissions[]", permissions),
            f"const uint16_t n_permissions = {len(permissions)};\n\n",
            rows_text("const struct alert_def alerts[]", alerts),
            f"const uint16_t n_alerts = {len(alerts)};\n\n",
            rows_text("const struct error_object error_objects[]", objects),
            f"const uint16_t n_error_objects = {len(objects)};\n\n",
            slots_text("method", tables.method_names),
            slots_text("field", tables.field_names),
            slots_text("class", [c.name.lower() for c in model.classes]),
        ]
    )


def error_objects(model):
    """A row for each parameter of an error that is named as a class with rows is: it says which object."""
    by_name = {c.name.lower(): c for c in model.classes if not c.name == "event"}
    return [
        f"{{ERR_{e.name}, {i}, {Ids.cls(by_name[name.lower()].name)}}}"
        for e in model.errors
        for i, name in enumerate(e.params or [])
        if name.lower() in by_name
    ]


def emit(model):
    """File name -> text of each generated C file."""
    ids = Ids(model)
    return {
        "err_codes.h": err_codes_h(model),
        "err_codes.c": err_codes_c(model),
        "model_ids.h": model_ids_h(ids),
        "model_tables.c": model_tables_c(ids),
    }
