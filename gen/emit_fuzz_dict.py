# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes the words of the API as a dictionary for libFuzzer: classes, fields, messages, values of enums."""


def words(model):
    for cls in model.classes:
        yield cls.name
        yield from (field.name for field in cls.fields)
        yield from (message.wire_name for message in cls.messages if message.kind == "custom")
    for enum in model.enums:
        yield from enum.values


def emit(model):
    unique = sorted(set(words(model)))
    return "# Generated from datamodel/ by gen/generate.py.  Do not edit.\n" + "".join(f'"{word}"\n' for word in unique)
