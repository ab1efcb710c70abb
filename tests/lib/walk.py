# SPDX-License-Identifier: GPL-2.0-or-later
"""The walk over all messages: what each is asked, and what became of it.

Generated messages are tried by rule: readers against the record; writers by set, get, event, and get again after a
restart; constructors against what they were given.  The others have a recipe, which makes what the message needs, calls
it and looks at what it did; one without a recipe is called with values of its parameters' types."""
import contextlib
import copy
import importlib.util
import os
import subprocess
import tempfile
import time

import xenapi
from manager import DEADLINE, PASSWORD, USER, Manager
from model import MODEL
from world import DEAD_REF, VALUES, World
from xenapi import Failure, HttpError, WireError

ENCODINGS = (xenapi.Xml, xenapi.Json)
# Parameters to try a message of the machine itself with: a dead reference, so that nothing can happen to it.
DANGEROUS = {"host.reboot", "host.shutdown", "host.power_on", "host.emergency_disable_tls_verification", "pool.eject",
             "host.set_hostname_live", "host.set_servertime", "host.set_timezone", "host.management_reconfigure",
             "host.apply_updates", "host.emergency_clear_mandatory_guidance"}


class Outcome:
    """'word' is served, error, not-implemented, removed or failed."""

    def __init__(self, word, code="", reason=""):
        self.word, self.code, self.reason = word, code, reason

    def text(self):
        return f"{self.word} {self.code}".strip()


SERVED = Outcome("served")


def of_failure(message, failure, reason):
    """What an error answer of a message means for it."""
    if failure.code == "NOT_IMPLEMENTED":
        return Outcome("not-implemented")
    if failure.code == "MESSAGE_REMOVED":
        return Outcome("removed")
    if "pool-internal" in message.flags and failure.code == "INTERNAL_ERROR":
        return Outcome("error", failure.code, "for sessions of other hosts only")
    if failure.code == "INTERNAL_ERROR" or not MODEL.is_error(failure.code):
        return Outcome("failed", failure.code, f"no declared error: {failure}")
    wanted = MODEL.errors.get(failure.code)
    if wanted is not None and len(wanted) != len(failure.params):
        return Outcome("failed", failure.code, f"{len(wanted)} parameters are declared: {failure}")
    return Outcome("error", failure.code, reason)


# ---- recipes ----

RECIPES = {}


def recipe(*names):
    """Marks a function of a World as the way to try these messages.  Each must be called in it."""
    def add(function):
        for name in names:
            if name not in MODEL.messages or name in RECIPES:
                raise ValueError(f"a recipe for {name}, which is unknown or has one")
            RECIPES[name] = (function, names)
        return function
    return add


def load_recipes(directory):
    for name in sorted(os.listdir(directory)):
        if name.endswith(".py"):
            spec = importlib.util.spec_from_file_location(name[:-3], os.path.join(directory, name))
            spec.loader.exec_module(importlib.util.module_from_spec(spec))


class Recorder(xenapi.Client):
    """A client that notes how each call ended."""

    def __init__(self, door, encoding):
        super().__init__(door, encoding)
        self.calls = []  # (message, None or Failure)
        self.reasons = {}  # by message: why an error is what it answers

    def call(self, name, *args, **headers):
        try:
            result = super().call(name, *args, **headers)
        except Failure as failure:
            self.calls.append((name, failure))
            raise
        self.calls.append((name, None))
        return result

    def declares(self, code, why, name, *args):
        """The message answers that error, by nature or on this machine: 'why'."""
        self.reasons[name] = why
        self.refuses(code, name, *args)

    def refuses(self, code, name, *args):
        """The call ends in that error; its parameters."""
        try:
            result = self.call(name, *args)
        except Failure as failure:
            if failure.code != code:
                raise
            return failure.params
        raise AssertionError(f"{name} succeeds ({result!r}) where {code} is due")


# ---- rows for all classes ----

def wait_for_agents(api):
    """Until lk-hostd has told what the machine is, and lk-stored what it serves."""
    end = time.monotonic() + DEADLINE
    while not (api.host_cpu.get_all() and api.SM.get_all()):
        if time.monotonic() > end:
            raise RuntimeError("the agents do not tell what is there")
        time.sleep(0.05)


def classes_without_objects(manager):
    """Database classes of which nothing can be found or made."""
    world = World(manager, manager.client())
    wait_for_agents(world.api)
    return [cls for cls in MODEL.classes
            if MODEL.in_database(cls) and not MODEL.class_flags(cls) & {"volatile", "constructor"}
            and f"{cls}.get_record" in MODEL.messages and cls not in World.FRESH and world.some(cls) is None]


def seed(manager, seed_rows, classes):
    done = subprocess.run([seed_rows, os.path.join(manager.state, "db.sqlite"), *classes], check=True,
                          stdout=subprocess.PIPE)
    return dict(line.split() for line in done.stdout.decode().splitlines())


@contextlib.contextmanager
def elsewhere(world):
    """A World on a manager of its own, for what changes the program itself; its calls count as this one's."""
    with tempfile.TemporaryDirectory(prefix="latchkey-elsewhere-") as directory, \
            Manager(directory, world.manager.programs, agents=False) as manager:
        yield World(manager, enter(manager, world.api))


def enter(manager, like, scheme="https"):
    """A session at a door of 'manager', whose calls are noted with those of 'like'."""
    client = copy.copy(like)
    client.door = manager.door(scheme)
    manager.clients.append(client)
    return client.login(USER, PASSWORD)


class Walk:
    def __init__(self, manager):
        self.manager = manager
        self.worlds = []
        self.outcomes = {}  # by message: {encoding: Outcome}
        self.kept = {}  # by class, ref and field: the world and the value that a restart must keep
        self.spare = []  # sessions that take turns to wait for events

    def note(self, world, name, outcome):
        self.outcomes.setdefault(name, {})[world.api.encoding.name] = outcome

    def log_in(self, seeded):
        """A world for each encoding, and sessions that take turns: one that was just given events waits a little."""
        self.spare = [self.manager.client(xenapi.Json) for _ in range(4)]
        return [World(self.manager, self.recorder(encoding), seeded) for encoding in ENCODINGS]

    def recorder(self, encoding):
        client = Recorder(self.manager.door(), encoding)
        self.manager.clients.append(client)
        return client.login(USER, PASSWORD)

    def events(self, classes, token, timeout=10.0):
        client = self.spare.pop(0)
        self.spare.append(client)
        return client.events(classes, token, timeout)

    # ---- one message ----

    def attempt(self, world, name, function, *args):
        """Runs what tries the message and notes how that ended."""
        try:
            outcome = function(world, *args) or SERVED
        except Failure as failure:
            outcome = of_failure(MODEL.messages[name], failure, "")
        except (AssertionError, WireError, HttpError, LookupError, TypeError, ValueError) as problem:
            outcome = Outcome("failed", "", f"{type(problem).__name__}: {problem}")
        self.note(world, name, outcome)
        return outcome

    def run_all(self, seeded):
        self.worlds = self.log_in(seeded)
        for world in self.worlds:
            for name, message in MODEL.messages.items():
                if message.removed:
                    self.attempt(world, name, self.try_removed, message)
        for world in self.worlds:
            for cls in MODEL.classes:
                self.read_class(world, cls)
        for world in self.worlds:
            for name, message in MODEL.messages.items():
                if name in RECIPES:
                    self.try_recipe(world, name)
                elif message.kind == "custom" and not message.removed:
                    self.attempt(world, name, self.try_types, message)
        for world in self.worlds:
            for cls in MODEL.classes:
                self.make_and_destroy(world, cls)
                self.write_class(world, cls)

    def try_removed(self, world, message):
        world.api.refuses("MESSAGE_REMOVED", message.name, *self.arguments(world, message, lambda cls: DEAD_REF))
        return Outcome("removed")

    def arguments(self, world, message, ref):
        return [world.value(param.type, 1, ref) for param in message.params]

    def try_types(self, world, message):
        """Without a recipe: dead references show whether there is a body; then living ones, unless the machine itself
        would feel it."""
        has_refs = any(param.type.kind == "ref" for param in message.params)
        try:
            world.api.call(message.name, *self.arguments(world, message, lambda cls: DEAD_REF))
            if has_refs:
                return Outcome("failed", "", "accepts a reference to nothing")
            return SERVED
        except Failure as failure:
            if failure.code == "NOT_IMPLEMENTED":
                return Outcome("not-implemented")
            if message.name in DANGEROUS:
                return of_failure(message, failure, "only asked with dead references: it would change the machine")
            if not has_refs:
                return of_failure(message, failure, "called with values made up from its parameters' types")
        try:
            world.api.call(message.name, *self.arguments(world, message, world.fresh))
        except Failure as failure:
            return of_failure(message, failure, "called with values made up from its parameters' types")
        return SERVED

    def try_recipe(self, world, name):
        """One run serves all messages of the recipe."""
        function, names = RECIPES[name]
        if world.api.encoding.name in self.outcomes.get(name, {}):
            return
        world.api.calls, world.api.reasons = [], {}
        problem = None
        try:
            function(world)
        except Failure as failure:
            problem = f"{world.api.calls[-1][0]}: {failure}"
        except (AssertionError, WireError, HttpError, LookupError, TypeError, ValueError) as failure:
            problem = f"{type(failure).__name__}: {failure}"
        missing = any(failure and failure.code == "NOT_IMPLEMENTED" and called in names
                      for called, failure in world.api.calls)
        calls, reasons = world.api.calls, world.api.reasons
        for one in names:
            ends = [failure for called, failure in calls if called == one]
            if missing and not ends:  # another message of the recipe came first, and has no body
                self.attempt(world, one, self.try_types, MODEL.messages[one])
            else:
                self.note(world, one, self.of_ends(one, ends, None if missing else problem, reasons.get(one)))

    @staticmethod
    def of_ends(name, ends, problem, reason):
        """What a recipe showed of a message: 'ends' has None for each call that succeeded, else its Failure."""
        last = ends[-1] if ends else None
        if last is not None and last.code == "NOT_IMPLEMENTED":
            return Outcome("not-implemented")
        if problem:
            return Outcome("failed", "", problem)
        if None in ends:
            return SERVED
        if last is None:
            return Outcome("failed", "", "its recipe does not call it")
        if reason is None:
            return Outcome("failed", last.code, str(last))
        return of_failure(MODEL.messages[name], last, reason)

    # ---- reading ----

    @staticmethod
    def generated(cls, *kinds):
        return [m for m in MODEL.messages.values() if m.cls == cls and m.kind in kinds and not m.removed]

    def read_class(self, world, cls):
        messages = self.generated(cls, "get", "get_by_uuid", "get_record", "get_all", "get_all_records",
                                  "get_all_records_where", "get_all_where", "get_by_name_label")
        ref = world.some(cls) or world.fresh(cls) if messages else None
        if ref is None:
            for message in messages:
                self.attempt(world, message.name, self.read_without_object, message)
            return
        record = world.api.call(f"{cls}.get_record", ref)
        for message in messages:
            if message.name not in RECIPES:
                self.attempt(world, message.name, self.read, message, ref, record)

    @staticmethod
    def read_without_object(world, message):
        arguments = [DEAD_REF] if message.kind in ("get", "get_record") else \
            ["false"] if message.kind.endswith("where") else ["none"] * len(message.params)
        try:
            world.api.call(message.name, *arguments)
        except Failure as failure:
            return of_failure(message, failure, "no object of the class can be made on this machine")
        return SERVED

    @staticmethod
    def read(world, message, ref, record):
        call = world.api.call
        where = f'field "uuid" = "{record.get("uuid")}"'
        if message.kind == "get":
            assert_equal(call(message.name, ref), record[message.short[len("get_"):]])
        elif message.kind == "get_record":
            assert_equal(call(message.name, ref), record)
        elif message.kind == "get_by_uuid":
            assert_equal(call(message.name, record["uuid"]), ref)
        elif message.kind == "get_by_name_label":
            assert_in(ref, call(message.name, record["name_label"]))
        elif message.kind == "get_all":
            assert_in(ref, call(message.name))
        elif message.kind == "get_all_records":
            assert_equal(call(message.name)[ref], record)
        elif message.kind == "get_all_where":
            assert_equal(call(message.name, where), [ref])
        else:
            assert_equal(call(message.name, where), {ref: record})

    # ---- making ----

    def make_and_destroy(self, world, cls):
        for message in self.generated(cls, "create"):
            if message.name not in RECIPES:
                self.attempt(world, message.name, self.try_create, cls)
        for message in self.generated(cls, "destroy"):
            if message.name not in RECIPES:
                self.attempt(world, message.name, self.try_destroy, cls)

    def try_create(self, world, cls):
        token = self.events([cls], "", 0.0)[2]
        given = world.record(cls)
        ref = world.api.call(f"{cls}.create", given)
        record = world.api.call(f"{cls}.get_record", ref)
        for name, value in given.items():
            assert_equal(record[name], value, name)
        if "no-events" not in MODEL.class_flags(cls):
            self.expect_event(cls, ref, token, "add", lambda snapshot: snapshot == record)

    def try_destroy(self, world, cls):
        ref = world.create(cls)
        token = self.events([cls], "", 0.0)[2]
        world.api.call(f"{cls}.destroy", ref)
        world.api.refuses("HANDLE_INVALID", f"{cls}.get_record", ref)
        if "no-events" not in MODEL.class_flags(cls):
            self.expect_event(cls, ref, token, "del", lambda snapshot: snapshot is None)

    def expect_event(self, cls, ref, token, operation, holds):
        events, _, token = self.events([f"{cls}/{ref}"] if operation == "mod" else [cls], token)
        found = [event for event in events if event["ref"] == ref and event["class"] == cls.lower()]
        if len(found) != 1 or found[0]["operation"] != operation or not holds(found[0].get("snapshot")):
            raise AssertionError(f"no event {operation} of {cls} {ref} with the change: {found!r}")
        return token

    # ---- writing ----

    def write_class(self, world, cls):
        messages = [m for m in self.generated(cls, "set", "add", "remove") if m.name not in RECIPES]
        ref = world.fresh(cls) if messages else None
        if ref is None:
            for message in messages:
                self.attempt(world, message.name, self.write_without_object, message)
            return
        token = self.events([f"{cls}/{ref}"], "", 0.0)[2]
        for kind in ("set", "add", "remove"):
            for message in messages:
                if message.kind == kind:
                    self.attempt(world, message.name, self.write, message, ref, token)
        for name in {self.field_of(message) for message in messages}:
            value = world.api.call(f"{cls}.get_{name}", ref)
            if "volatile" not in MODEL.class_flags(cls) | MODEL.fields[cls][name].flags:
                self.kept[cls, ref, name] = world, value

    @staticmethod
    def field_of(message):
        for prefix in ("set_", "add_to_", "remove_from_", "add_", "remove_"):
            if message.short.startswith(prefix):
                return message.short[len(prefix):]
        raise AssertionError(message.name)

    def write_without_object(self, world, message):
        world.api.reasons[message.name] = "no object of the class can be made on this machine"
        try:
            world.api.call(message.name, *self.arguments(world, message, lambda cls: DEAD_REF))
        except Failure as failure:
            return of_failure(message, failure, world.api.reasons[message.name])
        return SERVED

    def write(self, world, message, ref, token):
        cls, name = message.cls, self.field_of(message)
        field, call = MODEL.fields[cls][name], world.api.call
        getter = f"{cls}.get_{name}"
        old = call(getter, ref)
        if message.kind == "set":
            arguments, wanted = self.new_value(world, field, old)
        elif message.kind == "add":
            arguments, wanted = self.one_more(world, field, old)
        else:
            arguments, wanted = self.one_less(world, field, ref, old)
            token = self.events([f"{cls}/{ref}"], "", 0.0)[2]
        call(message.name, ref, *arguments)
        assert_equal(call(getter, ref), wanted)
        if "no-events" not in MODEL.class_flags(cls) and wanted != old:
            self.expect_event(cls, ref, token, "mod", lambda snapshot: snapshot[name] == wanted)

    @staticmethod
    def new_value(world, field, old):
        special = VALUES.get(f"{field.cls}.{field.name}")
        if special:
            value = next(value for value in special if value != old)
        else:
            value = next((value for value in (world.value(field.type, salt) for salt in range(1, 4))
                          if value != old), old)
        return [value], value

    @staticmethod
    def one_more(world, field, old):
        if field.type.kind == "set":
            item = world.value(field.type.of, 5)
            return [item], old + [item]
        key, value = world.value(field.type.key, 5), world.value(field.type.of, 5)
        return [key, value], {**old, key: value}

    @staticmethod
    def one_less(world, field, ref, old):
        """Takes away what was there before the last was added."""
        item = next(iter(old))
        if field.type.kind == "set":
            return [item], [other for other in old if other != item]
        return [item], {key: value for key, value in old.items() if key != item}

    # ---- after a restart ----

    def read_again(self, worlds):
        """What was set is there after a restart; notes what is not."""
        for (cls, ref, name), (writer, value) in self.kept.items():
            if f"{cls}.{name}" in NOT_KEPT:
                continue
            for world in worlds:
                try:
                    got = world.api.call(f"{cls}.get_{name}", ref)
                except Failure as failure:
                    got = failure
                # The server may add keys of its own at a start.
                if got != value and not (isinstance(got, dict) and value.items() <= got.items()):
                    self.note(writer, f"{cls}.set_{name}",
                              Outcome("failed", "", f"after a restart {name} is {got!r}, not {value!r}"))


# Fields that are set to what the machine says at each start.
NOT_KEPT = {"host.hostname"}
def assert_equal(got, wanted, what="value"):
    if got != wanted:
        raise AssertionError(f"{what}: {got!r}, wanted {wanted!r}")


def assert_in(item, container):
    if item not in container:
        raise AssertionError(f"{item!r} is not in {container!r}")
