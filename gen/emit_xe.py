# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes the description of the xe command as C: rows of the tables that src/cli/tables.h declares."""

from emit_c import BANNER, Flat, Ids, c_bool, c_string, rows_text
from xe_parse import CHANGES, generated_names

FLAGS = {
    "settable": "XE_SETTABLE",
    "hidden": "XE_HIDDEN",
    "expensive": "XE_EXPENSIVE",
    "deprecated": "XE_DEPRECATED",
    "any-case": "XE_ANY_CASE",
    "comma": "XE_COMMA",
    "common": "XE_COMMON",
    "local": "XE_LOCAL",
    "templates": "XE_TEMPLATES",
}


def flags_text(flags):
    return " | ".join(FLAGS[f] for f in sorted(flags)) or "0"


class Emitter:
    def __init__(self, model, xe):
        self.model, self.xe = model, xe
        self.steps = Flat("struct xe_step", "steps")
        self.fields = Flat("struct xe_field", "fields")
        self.names = Flat("char *const", "names")
        self.words = Flat("struct xe_word", "words")
        self.calls = Flat("struct xe_call", "calls")

    def strings(self, texts):
        return f"{self.names.put([c_string(t) for t in texts])}, {len(texts)}"

    def field(self, one):
        steps = [f"{{{Ids.cls(s.cls)}, {Ids.field(s.cls, s.field)}}}" for s in one.path]
        other = one.expression if one.source != "path" else None
        cells = [
            c_string(one.name),
            f"XE_{one.mark.upper()}",
            flags_text(one.flags),
            self.steps.put(steps),
            str(len(steps)),
            c_string(other if one.source == "call" else None),
            c_string(other if one.source == "code" else None),
            "{" + ", ".join(c_string(one.changes.get(c)) for c in CHANGES) + "}",
        ]
        return "{" + ", ".join(cells) + "}"

    def object(self, obj):
        kinds = [n[len(obj.name) + 1 :] for n in generated_names(self.xe, obj)]
        can = " | ".join("XE_CAN_" + k.replace("-", "_").upper() for k in kinds) or "0"
        cells = [
            c_string(obj.name),
            c_string(obj.cls),
            Ids.cls(obj.cls),
            self.strings(obj.filter),
            self.strings(obj.columns),
            self.fields.put([self.field(f) for f in obj.fields]),
            str(len(obj.fields)),
            can,
            c_string(obj.newest or None),
        ]
        return "{" + ", ".join(cells) + "}"

    def word(self, word):
        cells = [
            f"XE_WORD_{word.kind.upper()}",
            c_string(word.text),
            c_string(word.default),
            c_string(word.member),
            self.words.put([self.word(w) for w in word.words]),
            str(len(word.words)),
        ]
        return "{" + ", ".join(cells) + "}"

    def call(self, call):
        cells = [
            f"XE_{call.kind.upper()}",
            c_string(call.argument or None),
            c_string(call.message),
            self.words.put([self.word(w) for w in call.words]),
            str(len(call.words)),
        ]
        return "{" + ", ".join(cells) + "}"

    def command(self, command):
        cells = [
            c_string(command.name),
            c_string(command.doc),
            f"XE_ON_{command.on.upper() or 'NOTHING'}",
            flags_text(command.flags),
            self.strings(command.need),
            self.strings(command.may),
            self.calls.put([self.call(c) for c in command.calls]),
            str(len(command.calls)),
            c_string(command.result or None),
            c_bool(command.code),
            c_string(command.missing or None),
        ]
        return "{" + ", ".join(cells) + "}"

    def text(self):
        objects = [self.object(o) for o in self.xe.objects]
        commands = [self.command(c) for c in sorted(self.xe.commands, key=lambda c: c.name)]
        shown = [f"{{{c_string(e)}, {c_string(v)}, {c_string(t)}}}" for e, v, t, _ in self.xe.shown]
        errors = ["NULL"] + [
            c_string(None if e.params is None else ",".join(e.params)) for e in self.model.errors
        ]
        return "".join(
            [
                BANNER,
                '#include "cli/tables.h"\n\n',
                self.names.text(),
                self.steps.text(),
                self.fields.text(),
                self.words.text(),
                self.calls.text(),
                rows_text("const struct xe_object xe_objects[]", objects),
                f"const size_t xe_n_objects = {len(objects)};\n\n",
                rows_text("const struct xe_command xe_commands[]", commands),
                f"const size_t xe_n_commands = {len(commands)};\n\n",
                rows_text("const struct xe_shown xe_shown[]", shown),
                f"const size_t xe_n_shown = {len(shown)};\n\n",
                rows_text("const char *const xe_error_params[N_ERR_CODES]", errors),
            ]
        )


def emit(model, xe):
    """The text of xe_tables.c."""
    return Emitter(model, xe).text()
