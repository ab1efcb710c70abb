#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Turns datamodel/ into C tables and the flattened api.json.

    generate.py --out DIR              err_codes.h err_codes.c model_ids.h model_tables.c fuzz.dict
    generate.py --api-json FILE        write the flattened model
    generate.py --check FILE           fail if FILE is not what --api-json would write
    generate.py --xe FILE              the tables of the xe command, xe_tables.c
    generate.py --map-keys-md FILE     write the page of the keys of maps; --check-map-keys FILE: as --check
    generate.py --missing-docs         list everything without a sentence; fail if there is any
"""

import argparse
import os
import sys

import emit_api_json
import emit_c
import emit_fuzz_dict
import emit_xe
import map_keys
from check import check, undocumented
from expand import expand
from model import DatamodelError
from parse import parse_folder
from xe_parse import parse_xe

DATAMODEL = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "datamodel")
MAX_SHOWN = 50


def load(folder):
    """The complete, checked model of 'folder'; prints what is wrong and exits otherwise."""
    try:
        model = parse_folder(folder)
        expand(model)
    except DatamodelError as exc:
        sys.exit(str(exc))
    show(check(model), "faults in the datamodel")
    return model


def load_xe(folder, model):
    try:
        return parse_xe(os.path.join(folder, "xe"), model)
    except DatamodelError as exc:
        sys.exit(str(exc))


def load_map_keys(folder, model):
    try:
        return map_keys.parse_map_keys(os.path.join(folder, "map.keys"), "map.keys", model)
    except DatamodelError as exc:
        sys.exit(str(exc))


def show(faults, what):
    """Prints and exits if there are any."""
    for fault in faults[:MAX_SHOWN]:
        print(fault, file=sys.stderr)
    if faults:
        sys.exit(f"{len(faults)} {what}")


def write(path, text):
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def compare(path, text, option):
    with open(path, encoding="utf-8") as f:
        committed = f.read()
    if committed != text:
        sys.exit(f"{path} is stale: run gen/generate.py {option} {path} and review the diff")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--datamodel", default=DATAMODEL, metavar="DIR")
    parser.add_argument("--out", metavar="DIR")
    parser.add_argument("--api-json", metavar="FILE")
    parser.add_argument("--check", metavar="FILE")
    parser.add_argument("--xe", metavar="FILE")
    parser.add_argument("--map-keys-md", metavar="FILE")
    parser.add_argument("--check-map-keys", metavar="FILE")
    parser.add_argument("--missing-docs", action="store_true")
    args = parser.parse_args()
    model = load(args.datamodel)
    if args.missing_docs:
        show(undocumented(model), "sentences missing")
    if args.out:
        os.makedirs(args.out, exist_ok=True)
        for name, text in emit_c.emit(model).items():
            write(os.path.join(args.out, name), text)
        write(os.path.join(args.out, "fuzz.dict"), emit_fuzz_dict.emit(model))
        maps = load_map_keys(args.datamodel, model)
        write(os.path.join(args.out, "map_keys.h"), map_keys.emit_h(maps))
        write(os.path.join(args.out, "map_keys.c"), map_keys.emit_c(maps))
    if args.xe:
        write(args.xe, emit_xe.emit(model, load_xe(args.datamodel, model)))
    if args.api_json:
        write(args.api_json, emit_api_json.emit(model))
    if args.map_keys_md:
        write(args.map_keys_md, map_keys.emit_md(load_map_keys(args.datamodel, model), model))
    if args.check_map_keys:
        compare(args.check_map_keys, map_keys.emit_md(load_map_keys(args.datamodel, model), model), "--map-keys-md")
    if args.check:
        compare(args.check, emit_api_json.emit(model), "--api-json")


if __name__ == "__main__":
    main()
