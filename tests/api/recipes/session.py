# SPDX-License-Identifier: GPL-2.0-or-later
"""Sessions, subjects, roles, events and tasks."""
from manager import PASSWORD, USER
from walk import assert_equal, assert_in, recipe

ROLE_READ_ONLY = "read-only"


def another_session(w):
    """A session that may be ended."""
    return w.api.session.login_with_password(USER, PASSWORD, "1.0", w.name("originator"))


def as_session(w, session, name, *args):
    """A call in another session than the world's own."""
    own, w.api.session = w.api.__dict__["session"], session
    try:
        return w.api.call(name, *args)
    finally:
        w.api.session = own


@recipe("session.login_with_password", "session.logout")
def _(w):
    session = w.api.call("session.login_with_password", USER, PASSWORD, "1.0", "walk")
    assert_equal(as_session(w, session, "session.get_originator", session), "walk")
    as_session(w, session, "session.logout")
    own, w.api.session = w.api.session, session
    try:
        w.api.refuses("SESSION_INVALID", "pool.get_all")
    finally:
        w.api.session = own


@recipe("session.local_logout")
def _(w):
    session = w.api.call("session.login_with_password", USER, PASSWORD)
    as_session(w, session, "session.local_logout")
    w.api.refuses("HANDLE_INVALID", "session.get_record", session)


@recipe("session.slave_local_login_with_password")
def _(w):
    session = w.api.call("session.slave_local_login_with_password", USER, PASSWORD)
    assert_equal(as_session(w, session, "pool.get_all"), [w.pool])
    w.api.refuses("SESSION_AUTHENTICATION_FAILED", "session.slave_local_login_with_password", USER, "wrong")
    as_session(w, session, "session.local_logout")
    w.api.refuses("HANDLE_INVALID", "session.get_record", session)


@recipe("session.change_password")
def _(w):
    w.api.call("session.change_password", PASSWORD, "another")
    w.api.refuses("SESSION_AUTHENTICATION_FAILED", "session.login_with_password", USER, PASSWORD)
    w.api.call("session.change_password", "another", PASSWORD)
    w.api.call("session.login_with_password", USER, PASSWORD)


@recipe("session.get_all_subject_identifiers", "session.logout_subject_identifier")
def _(w):
    assert_equal(w.api.call("session.get_all_subject_identifiers"), [])
    w.api.call("session.logout_subject_identifier", "S-1-5-21")


@recipe("subject.add_to_roles", "subject.remove_from_roles", "subject.get_permissions_name_label")
def _(w):
    subject = w.create("subject")
    role = w.api.call("role.get_by_name_label", ROLE_READ_ONLY)[0]
    for first in w.api.call("subject.get_roles", subject):  # the API starts it with the highest
        w.api.call("subject.remove_from_roles", subject, first)
    assert_equal(w.api.call("subject.get_permissions_name_label", subject), [])
    w.api.call("subject.add_to_roles", subject, role)
    assert_equal(w.api.call("subject.get_roles", subject), [role])
    assert_in("vm.get_record", w.api.call("subject.get_permissions_name_label", subject))
    w.api.refuses("ROLE_ALREADY_EXISTS", "subject.add_to_roles", subject, role)
    w.api.call("subject.remove_from_roles", subject, role)
    assert_equal(w.api.call("subject.get_roles", subject), [])
    w.api.refuses("ROLE_NOT_FOUND", "subject.remove_from_roles", subject, role)


@recipe("role.get_permissions_name_label", "role.get_by_permission_name_label")
def _(w):
    role = w.api.call("role.get_by_name_label", ROLE_READ_ONLY)[0]
    assert_in("vm.get_record", w.api.call("role.get_permissions_name_label", role))
    assert_in(role, w.api.call("role.get_by_permission_name_label", "vm.get_record"))
    assert_equal(role in w.api.call("role.get_by_permission_name_label", "vm.start"), False)


# ---- events ----

@recipe("event.from")
def _(w):
    _, counts, token = w.api.events(["pool"], "", 0.0)
    assert_equal(counts["pool"], 1)
    w.api.call("pool.set_name_label", w.pool, w.name("pool"))
    events, _, later = w.api.events(["pool"], token)
    assert_equal([(event["operation"], event["ref"]) for event in events], [("mod", w.pool)])
    assert_equal(later > token, True)
    assert_equal(w.api.events(["pool"], later, 0.1)[0], [])
    w.api.refuses("EVENT_FROM_TOKEN_PARSE_FAILURE", "event.from", ["pool"], "no token", 0.0)
    w.api.refuses("EVENT_SUBSCRIPTION_PARSE_FAILURE", "event.from", ["a/b/c"], "", 0.0)


@recipe("event.register", "event.next", "event.unregister", "event.get_current_id")
def _(w):
    w.api.refuses("SESSION_NOT_REGISTERED", "event.next")
    w.api.call("event.register", ["network"])
    before = w.api.call("event.get_current_id")
    network = w.network()
    events = w.api.call("event.next")
    assert_in((network, "add"), [(event["ref"], event["operation"]) for event in events])
    assert_equal(w.api.call("event.get_current_id") > before, True)
    w.api.call("event.unregister", ["network"])
    w.api.refuses("SESSION_NOT_REGISTERED", "event.next")


@recipe("event.inject")
def _(w):
    token = w.api.call("event.inject", "pool", w.pool)
    events, _, _ = w.api.events(["pool"], token)
    assert_equal([event["ref"] for event in events], [w.pool])


# ---- tasks ----

@recipe("task.create", "task.destroy")
def _(w):
    task = w.task()
    assert_equal(w.api.call("task.get_status", task), "pending")
    w.api.call("task.set_status", task, "success")
    w.api.call("task.destroy", task)
    w.api.refuses("HANDLE_INVALID", "task.get_record", task)


@recipe("task.cancel")
def _(w):
    task = w.task()
    w.api.call("task.cancel", task)
    assert_in("cancel", w.api.call("task.get_current_operations", task).values())


@recipe("task.set_progress", "task.set_result", "task.set_error_info", "task.set_status")
def _(w):
    task = w.task()
    w.api.call("task.set_progress", task, 0.25)
    w.api.call("task.set_result", task, "half")
    w.api.call("task.set_error_info", task, ["A", "b"])
    record = w.api.call("task.get_record", task)
    assert_equal((record["progress"], record["result"], record["error_info"]), (0.25, "half", ["A", "b"]))
    w.api.call("task.set_status", task, "failure")
    assert_equal(w.api.call("task.get_progress", task), 1.0)


@recipe("task.add_to_other_config", "task.remove_from_other_config", "task.set_other_config")
def _(w):
    task = w.task()
    w.api.call("task.set_other_config", task, {"a": "1", "c": "3"})
    w.api.call("task.add_to_other_config", task, "b", "2")
    w.api.call("task.remove_from_other_config", task, "a")
    assert_equal(w.api.call("task.get_other_config", task), {"b": "2", "c": "3"})


@recipe("secret.introduce")
def _(w):
    uuid = w.uuid()
    secret = w.api.call("secret.introduce", uuid, "hush", {"a": "b"})
    assert_equal(w.api.call("secret.get_record", secret),
                 {"uuid": uuid, "value": "hush", "other_config": {"a": "b"}})
    w.api.refuses("DB_UNIQUENESS_CONSTRAINT_VIOLATION", "secret.introduce", uuid, "again")
    w.api.refuses("UUID_INVALID", "secret.introduce", "x", "hush")
