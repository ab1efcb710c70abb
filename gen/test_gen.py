#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The generator's own tests: python3 -m unittest, in gen/."""

import os
import re
import tempfile
import unittest

import emit_api_json
import emit_c
import emit_fuzz_dict
import emit_xe
from check import check, undocumented
from expand import expand
from generate import DATAMODEL
from map_keys import emit_md, parse_map_keys
from model import DatamodelError, Pos, empty_value
from parse import parse_folder, parse_type
from xe_parse import generated_names, parse_xe

ROLES = """role pool-admin 0
role vm-admin 1
role client-cert 2
role read-only 3
"""
ERRORS = "error BAD (what)\n  doc Bad.\n"
CLASS = "class Cat\n  since rio\n  writer vm-admin\n"


def model_of(**files):
    """The expanded model of files given as name=text."""
    files = {"roles": ROLES, "errors": ERRORS, **files}
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            with open(os.path.join(folder, name + ".dm"), "w", encoding="utf-8") as f:
                f.write(text)
        model = parse_folder(folder)
    expand(model)
    return model


def faults_of(**files):
    return [re.sub(r"^[^/]*/", "", str(f)) for f in check(model_of(**files))]


class ParserTest(unittest.TestCase):
    def refuse(self, text, where, what):
        with self.assertRaises(DatamodelError) as caught:
            model_of(cat=text)
        self.assertIn(where, str(caught.exception))
        self.assertIn(what, str(caught.exception))

    def test_types_are_read_and_written_alike(self):
        for text in ("map(ref(VM),set(enum(x)))", "option(record(sr_stat))", "record(<class>)"):
            self.assertEqual(str(parse_type(text, Pos("t", 1))), text)

    def test_bad_types_are_refused(self):
        for text in ("", "set(", "set()", "map(int)", "ref", "ref()", "integer", "int)", "set(" * 20):
            with self.assertRaises(DatamodelError):
                parse_type(text, Pos("t", 1))

    def test_each_mistake_names_its_line(self):
        self.refuse("clas Cat\n", "cat.dm:1:", "unknown keyword 'clas'")
        self.refuse("field a rw int\n", "cat.dm:1:", "no class")
        self.refuse(CLASS + "field a wr int\n", "cat.dm:4:", "qualifier 'wr'")
        self.refuse(CLASS + "field a rw\n", "cat.dm:4:", "expected 'field")
        self.refuse(CLASS + "field a rw int = x\n", "cat.dm:4:", "not JSON")
        self.refuse(CLASS + "field a rw int\n  colour red\n", "cat.dm:5:", "attribute 'colour'")
        self.refuse(CLASS + "field a rw int\n  flags loud\n", "cat.dm:5:", "flag 'loud'")
        self.refuse(CLASS + "field a rw int\n  param b int\n", "cat.dm:5:", "has no 'param'")
        self.refuse(CLASS + "  writer read-only\n", "cat.dm:4:", "'writer' is there twice")
        self.refuse(CLASS + "  prototyped 1\n", "cat.dm:4:", "'lifecycle' is there twice")
        self.refuse(CLASS + "   doc x\n", "cat.dm:4:", "two blanks")
        self.refuse(CLASS + "field a rw int \n", "cat.dm:4:", "end of the line")
        self.refuse(CLASS + "class Dog\n", "cat.dm:4:", "one class")
        self.refuse("class Dog\n", "cat.dm:1:", "another file")

    def test_doc_lines_are_joined(self):
        model = model_of(cat=CLASS + "  doc One\n  doc two.\n")
        self.assertEqual(model.classes[0].doc, "One two.")


class CheckTest(unittest.TestCase):
    def test_a_sound_model_has_no_faults(self):
        self.assertEqual(faults_of(cat=CLASS + "field name__label rw string = \"\"\n"), [])

    def one(self, text, expected):
        self.assertEqual(faults_of(cat=CLASS + text), [expected])

    def test_unknown_names(self):
        self.one("field a rw ref(Dog)\n", "cat.dm:4: unknown name in type 'ref(Dog)'")
        self.one("field a rw set(enum(e))\n", "cat.dm:4: unknown name in type 'enum(e)'")
        self.one("message m\n", "cat.dm:4: a role is missing")
        self.one("message m\n  role cook\n", "cat.dm:4: unknown role 'cook'")
        self.one("message m\n  role vm-admin\n  errors WORSE\n", "cat.dm:4: unknown error 'WORSE'")

    def test_defaults_fit_their_types(self):
        for default in ('"1"', "1.5", "true", "[]"):
            self.assertEqual(len(faults_of(cat=CLASS + f"field a rw int = {default}\n")), 1)
        self.assertEqual(faults_of(cat=CLASS + "field a rw map(string,int) = {\"a\": 1}\n"), [])
        self.assertEqual(len(faults_of(cat=CLASS + "field a rw map(string,int) = {\"a\": \"1\"}\n")), 1)

    def test_names_are_unique(self):
        text = "field a rw int\nfield a rw int\n"
        self.assertIn("cat.dm:5: field a is there twice, first at", "\n".join(faults_of(cat=CLASS + text)))
        text = "enum e\n  value a-b\n  value a_b\n"
        self.assertIn("identifier E_E_A_B", "\n".join(faults_of(cat=CLASS + text)))
        text = "field x static int\nmessage get_x\n  role vm-admin\n"
        self.assertIn("message get_x is there twice", "\n".join(faults_of(cat=CLASS + text)))

    def test_optional_parameters_come_last(self):
        text = "message m\n  role vm-admin\n  param a int = 1\n  param b int\n"
        self.one(text, "cat.dm:7: a required parameter follows an optional one")

    def test_links_agree_at_both_ends(self):
        text = "field mother static ref(Cat)\n  to Cat.kittens\nfield kittens dynamic set(ref(Cat))\n"
        self.assertEqual(faults_of(cat=CLASS + text + "  from Cat.mother\n"), [])
        self.one(text, "cat.dm:6: expected 'from Cat.mother' here")

    def test_missing_sentences_are_found(self):
        model = model_of(cat=CLASS + "field a rw int\n  doc A.\nfield b rw int\n")
        missing = "\n".join(map(str, undocumented(model)))
        self.assertIn("field b has no doc", missing)
        self.assertIn("class Cat has no doc", missing)
        self.assertNotIn("field a", missing)


class ExpandTest(unittest.TestCase):
    def names(self, text):
        return sorted(m.name for m in model_of(cat=text).classes[0].messages)

    def test_messages_follow_from_class_and_fields(self):
        text = CLASS + "  flags constructor\nfield name__label static string\nfield m rw map(string,int)\n"
        expected = """add_to_m create destroy get_all get_all_records get_all_records_where get_all_where
            get_by_name_label get_by_uuid get_m get_name_label get_record remove_from_m set_m"""
        self.assertEqual(self.names(text), sorted(expected.split()))

    def test_flags_keep_messages_away(self):
        text = CLASS + "  flags no-get-all\nfield a rw int\n  flags internal\nfield name_label dynamic string\n"
        self.assertEqual(self.names(text), ["get_by_uuid", "get_name_label", "get_record"])
        self.assertEqual(self.names(CLASS + "  flags no-database\nfield a rw int\n"), [])

    def test_client_cert_is_outside_the_ladder(self):
        model = model_of()
        self.assertEqual(model.roles_from("vm-admin"), ["pool-admin", "vm-admin"])
        self.assertEqual(model.roles_from("vm-admin", True), ["pool-admin", "vm-admin", "client-cert"])
        self.assertEqual(len(model.roles_from("read-only")), 4)
        self.assertEqual(model.roles_from("local-root"), [])


XE_CLASS = CLASS + """  flags constructor
enum mood
  value Happy
field uuid dynamic string
field name__label rw string
field owner rw ref(Cat)
field friends rw set(ref(Cat))
field traits rw map(string,string)
message purr
  role vm-admin
  param cat ref(Cat)
  param loud bool
"""
XE_OBJECT = "object cat Cat\n  columns uuid\nfield uuid ro\nfield name-label rw\n"


class XeTest(unittest.TestCase):
    """The text of the xe command."""

    def xe_of(self, objects=XE_OBJECT, commands=""):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in (("objects", objects), ("commands", commands)):
                with open(os.path.join(folder, name + ".dm"), "w", encoding="utf-8") as f:
                    f.write(text)
            model = model_of(cat=XE_CLASS)
            return model, parse_xe(folder, model)

    def refuse(self, what, objects=XE_OBJECT, commands=""):
        with self.assertRaises(DatamodelError) as caught:
            self.xe_of(objects, commands)
        self.assertIn(what, str(caught.exception))

    def test_a_path_must_lead_through_fields_that_are_there(self):
        self.refuse("objects.dm:5: no field fur", XE_OBJECT + "field fur ro\n")
        self.refuse("no field purring", XE_OBJECT + "field x ro = owner.purring\n")
        self.refuse("no field b", XE_OBJECT + "field x ro = name_label.b\n")
        _, xe = self.xe_of(XE_OBJECT + "field x sro = owner.friends.name_label\n")
        self.assertEqual([s.field for s in xe.objects[0].fields[2].path], ["owner", "friends", "name_label"])

    def test_changes_follow_from_mark_and_field(self):
        _, xe = self.xe_of(XE_OBJECT + "field friends srw\nfield traits mrw\n")
        changes = {f.name: f.changes for f in xe.objects[0].fields}
        self.assertEqual(changes["uuid"], {})
        self.assertEqual(changes["name-label"], {"set": "Cat.set_name_label"})
        self.assertEqual(changes["friends"], {"add": "Cat.add_friends", "remove": "Cat.remove_friends"})
        self.assertEqual(changes["traits"], {"add": "Cat.add_to_traits", "remove": "Cat.remove_from_traits"})

    def test_commands_of_an_object_follow_from_what_can_change(self):
        _, xe = self.xe_of()
        names = "cat-list cat-param-list cat-param-get cat-param-set cat-param-clear"
        self.assertEqual(generated_names(xe, xe.objects[0]), names.split())

    def test_a_call_must_fit_its_message(self):
        head = "command cat-purr\n  doc Purrs.\n  need uuid\n  may loud\n"
        self.xe_of(commands=head + "  call Cat.purr uuid loud?false\n")
        self.refuse("no message Cat.bark", commands=head + "  call Cat.bark uuid\n")
        self.refuse("takes 2 arguments, not 1", commands=head + "  call Cat.purr uuid\n")
        self.refuse("has no argument soft", commands=head + "  call Cat.purr uuid soft\n")
        self.refuse("selects nothing", commands=head + "  call Cat.purr @ loud\n")
        self.refuse("has no sentence", commands="command x\n")
        self.refuse("there twice", commands=head.replace("cat-purr", "cat-list"))

    def test_records_name_fields_of_their_class(self):
        head = "command cat-create\n  doc Makes one.\n  need name-label\n"
        self.xe_of(commands=head + "  call Cat.create { name_label=name-label }\n")
        self.refuse("has no field fur", commands=head + "  call Cat.create { fur=name-label }\n")


class EmitTest(unittest.TestCase):
    def test_strings_are_safe_in_c(self):
        self.assertEqual(emit_c.c_string('a"\\\n?ü'), '"a\\"\\\\\\012\\077\\303\\274"')
        self.assertEqual(emit_c.c_string(None), "NULL")

    def test_every_name_is_in_its_slot_table(self):
        names = [f"VM.m{i}" for i in range(1000)]
        slots = emit_c.slot_table(names)
        self.assertEqual(sorted(s for s in slots if s), list(range(1, 1001)))
        self.assertLessEqual(2 * len(names), len(slots))

    def test_an_empty_enum_field_starts_with_the_first_value(self):
        model = model_of(cat=CLASS + "enum e\n  value x\n  value y\n")
        enums = {e.name: e for e in model.enums}
        self.assertEqual(empty_value(parse_type("enum(e)", Pos("t", 1)), enums), "x")

    def test_api_json_does_not_depend_on_the_order_of_text(self):
        a = model_of(cat=CLASS + "field a rw int\nfield b rw int\n")
        b = model_of(cat=CLASS + "field b rw int\nfield a rw int\n")
        self.assertEqual(emit_api_json.emit(a), emit_api_json.emit(b))


class MapKeysTest(unittest.TestCase):
    CAT = CLASS + "field food rw map(string,string)\n  key fish vm-admin\nfield name rw string\n"
    KEY = "  key fish int 1 9 = 2\n    wrong refused\n    in src/cat.c\n    doc How many.\n"

    def parse(self, text):
        with tempfile.NamedTemporaryFile("w", suffix=".keys") as f:
            f.write(text)
            f.flush()
            return parse_map_keys(f.name, "map.keys", model_of(cat=self.CAT))

    def test_a_row_is_what_it_says(self):
        key = self.parse("map Cat.food\n" + self.KEY)[0].keys[0]
        self.assertEqual((key.id, key.kind, key.words, key.absent, key.files),
                         ("KEY_CAT_FOOD_FISH", "int", ["1", "9"], "2", ["src/cat.c"]))

    def test_what_is_wrong_is_pointed_at(self):
        for text, line in (("map Cat.name\n" + self.KEY, 1), ("map Dog.food\n" + self.KEY, 1),
                           ("map Cat.food\n  key fish int 1\n", 2), ("map Cat.food\n  key fish sort\n", 2),
                           ("map Cat.food\n  key fish int 1 x\n", 2), ("map Cat.food\n  key fish word\n", 2),
                           ("map Cat.food\n  key fish mark\n    doc Nobody reads it.\n", 2),
                           ("map Cat.food\n" + self.KEY + self.KEY, 6), ("  key fish mark\n", 1)):
            with self.assertRaises(DatamodelError) as caught:
                self.parse(text)
            self.assertTrue(str(caught.exception).startswith(f"map.keys:{line}: "), str(caught.exception))


class CommittedTest(unittest.TestCase):
    """The datamodel that is here."""

    @classmethod
    def setUpClass(cls):
        cls.model = parse_folder(DATAMODEL)
        expand(cls.model)

    def test_it_is_sound(self):
        self.assertEqual([str(f) for f in check(self.model)], [])

    def test_everything_has_its_sentence(self):
        self.assertEqual([str(f) for f in undocumented(self.model)], [])

    def test_nothing_of_the_api_has_gone(self):
        messages = [m for c in self.model.classes for m in c.messages]
        self.assertGreaterEqual(len(self.model.classes), 73)
        self.assertGreaterEqual(sum(len(c.fields) for c in self.model.classes), 951)
        self.assertGreaterEqual(len(messages), 2258)
        self.assertGreaterEqual(sum(m.kind == "custom" for m in messages), 678)
        self.assertGreaterEqual(len(self.model.enums), 75)
        self.assertGreaterEqual(len(self.model.errors), 635)
        self.assertEqual(len(self.model.roles), 7)

    def test_api_json_is_fresh(self):
        with open(os.path.join(DATAMODEL, "api.json"), encoding="utf-8") as f:
            self.assertEqual(f.read() == emit_api_json.emit(self.model), True)

    def test_the_page_of_map_keys_is_fresh(self):
        maps = parse_map_keys(os.path.join(DATAMODEL, "map.keys"), "map.keys", self.model)
        self.assertGreaterEqual(sum(len(one.keys) for one in maps), 50)
        with open(os.path.join(os.path.dirname(DATAMODEL), "docs", "map-keys.md"), encoding="utf-8") as f:
            self.assertEqual(f.read() == emit_md(maps, self.model), True)

    def test_xe_is_sound_and_complete(self):
        xe = parse_xe(os.path.join(DATAMODEL, "xe"), self.model)
        generated = [n for o in xe.objects for n in generated_names(xe, o)]
        self.assertEqual(sum(o.has_commands for o in xe.objects), 55)
        self.assertEqual(len(generated), 288)
        self.assertEqual(len(xe.commands), 387)
        self.assertEqual(emit_xe.emit(self.model, xe) == emit_xe.emit(self.model, xe), True)

    def test_the_fuzz_dictionary_has_the_words_of_the_api_once_each(self):
        lines = emit_fuzz_dict.emit(self.model).splitlines()[1:]
        self.assertEqual(len(lines), len(set(lines)))
        for word in ('"VM_guest_metrics"', '"name_label"', '"VM.clean_shutdown"', '"Suspended"'):
            self.assertIn(word, lines)
        self.assertTrue(all(re.fullmatch(r'"[^"\\\\]+"', line) for line in lines))

    def test_emitting_twice_gives_the_same_bytes(self):
        again = parse_folder(DATAMODEL)
        expand(again)
        self.assertEqual(emit_c.emit(self.model) == emit_c.emit(again), True)


if __name__ == "__main__":
    unittest.main()
