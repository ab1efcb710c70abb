# SPDX-License-Identifier: GPL-2.0-or-later
"""Messages (alerts), blobs, and what concerns host and pool."""
from walk import assert_equal, assert_in, recipe


# ---- messages ----

@recipe("message.create", "message.get_record", "message.get_by_uuid", "message.get_all", "message.get_all_records",
        "message.get_all_records_where", "message.get", "message.get_since", "message.destroy")
def _(w):
    uuid = w.api.call("pool.get_uuid", w.pool)
    message = w.api.call("message.create", "WALK", 3, "Pool", uuid, "said")
    record = w.api.call("message.get_record", message)
    assert_equal((record["name"], record["priority"], record["cls"], record["obj_uuid"], record["body"]),
                 ("WALK", 3, "Pool", uuid, "said"))
    assert_equal(w.api.call("message.get_by_uuid", record["uuid"]), message)
    assert_in(message, w.api.call("message.get_all"))
    assert_equal(w.api.call("message.get_all_records")[message], record)
    assert_equal(w.api.call("message.get_all_records_where", "true")[message], record)
    assert_in(message, w.api.call("message.get", "Pool", uuid, "19700101T00:00:00Z"))
    assert_in(message, w.api.call("message.get_since", "19700101T00:00:00Z"))
    w.api.call("message.destroy", message)
    w.api.refuses("HANDLE_INVALID", "message.get_record", message)


@recipe("message.destroy_many", "message.destroy_all")
def _(w):
    gone, left = [w.message(), w.message()], w.message()
    w.api.call("message.destroy_many", gone)
    messages = w.api.call("message.get_all")
    assert_equal((set(gone) & set(messages), left in messages), (set(), True))
    w.api.call("message.destroy_all", {"priority": "3"})
    assert_equal(left in w.api.call("message.get_all"), False)


# ---- blobs ----

@recipe("blob.create", "blob.destroy")
def _(w):
    blob = w.api.call("blob.create", "text/plain", True)
    record = w.api.call("blob.get_record", blob)
    assert_equal((record["mime_type"], record["public"], record["size"]), ("text/plain", True, 0))
    w.api.call("blob.destroy", blob)
    w.api.refuses("HANDLE_INVALID", "blob.get_record", blob)


@recipe("SR.create_new_blob", "VM.create_new_blob", "network.create_new_blob", "host.create_new_blob",
        "pool.create_new_blob")
def _(w):
    for cls, owner in (("SR", w.sr), ("VM", w.vm()), ("network", w.network()), ("host", w.host), ("pool", w.pool)):
        name = w.name("blob")
        blob = w.api.call(f"{cls}.create_new_blob", owner, name, "text/plain", False)
        assert_equal(w.api.call(f"{cls}.get_blobs", owner)[name], blob)
        w.api.call("blob.destroy", blob)
        assert_equal(name in w.api.call(f"{cls}.get_blobs", owner), False)
