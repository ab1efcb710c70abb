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


# ---- the pool's settings ----

@recipe("pool.add_to_guest_agent_config", "pool.remove_from_guest_agent_config")
def _(w):
    w.api.call("pool.add_to_guest_agent_config", w.pool, "auto_update_enabled", "true")
    assert_equal(w.api.call("pool.get_guest_agent_config", w.pool), {"auto_update_enabled": "true"})
    w.api.refuses("INVALID_VALUE", "pool.add_to_guest_agent_config", w.pool, "auto_update_url", "nowhere")
    w.api.call("pool.remove_from_guest_agent_config", w.pool, "auto_update_enabled")
    assert_equal(w.api.call("pool.get_guest_agent_config", w.pool), {})


@recipe("pool.set_telemetry_next_collection", "pool.reset_telemetry_uuid")
def _(w):
    for day in ("20200102T03:04:05Z", "20200103T03:04:05Z"):
        w.api.call("pool.set_telemetry_next_collection", w.pool, day)
        assert_equal(w.api.call("pool.get_telemetry_next_collection", w.pool), day)
    w.api.refuses("TELEMETRY_NEXT_COLLECTION_TOO_LATE", "pool.set_telemetry_next_collection", w.pool,
                  "29990101T00:00:00Z")
    w.api.call("pool.reset_telemetry_uuid", w.pool)
    first = w.api.call("pool.get_telemetry_uuid", w.pool)
    w.api.call("pool.reset_telemetry_uuid", w.pool)
    w.api.refuses("HANDLE_INVALID", "secret.get_value", first)


@recipe("pool.set_ext_auth_cache_enabled", "pool.set_ext_auth_cache_size", "pool.set_ext_auth_cache_expiry",
        "pool.set_ext_auth_max_threads")
def _(w):
    for enabled in (True, False):
        w.api.call("pool.set_ext_auth_cache_enabled", w.pool, enabled)
        assert_equal(w.api.call("pool.get_ext_auth_cache_enabled", w.pool), enabled)
    for field in ("ext_auth_cache_size", "ext_auth_cache_expiry", "ext_auth_max_threads"):
        for value in (7, 8):
            w.api.call(f"pool.set_{field}", w.pool, value)
            assert_equal(w.api.call(f"pool.get_{field}", w.pool), value)
        w.api.refuses("INVALID_VALUE", f"pool.set_{field}", w.pool, 0)


@recipe("pool.designate_new_master", "pool.is_slave", "pool.hello", "pool.recover_slaves", "pool.sync_database",
        "pool.disable_redo_log", "pool.get_guest_secureboot_readiness")
def _(w):
    w.api.call("pool.designate_new_master", w.host)
    assert_equal(w.api.call("pool.get_master", w.pool), w.host)
    assert_equal(w.api.call("pool.is_slave", w.host), False)
    assert_equal(w.api.call("pool.hello", w.uuid(), "192.0.2.1"), "unknown_host")
    assert_equal(w.api.call("pool.hello", w.api.call("host.get_uuid", w.host), "127.0.0.1"), "ok")
    assert_equal(w.api.call("pool.recover_slaves"), [])
    w.api.call("pool.sync_database")
    w.api.call("pool.disable_redo_log")
    assert_equal(w.api.call("pool.get_redo_log_enabled", w.pool), False)
    assert_equal(w.api.call("pool.get_guest_secureboot_readiness", w.pool), "not_ready")


@recipe("pool.ha_compute_max_host_failures_to_tolerate", "pool.ha_compute_hypothetical_max_host_failures_to_tolerate",
        "pool.ha_failover_plan_exists", "pool.ha_compute_vm_failover_plan", "pool.set_ha_host_failures_to_tolerate",
        "pool.check_update_readiness")
def _(w):
    vm = w.vm()
    assert_equal(w.api.call("pool.ha_compute_max_host_failures_to_tolerate"), 0)
    assert_equal(w.api.call("pool.ha_compute_hypothetical_max_host_failures_to_tolerate", {vm: "restart"}), 0)
    assert_equal([w.api.call("pool.ha_failover_plan_exists", n) for n in (0, 1)], [True, False])
    plan = w.api.call("pool.ha_compute_vm_failover_plan", [w.host], [vm])
    assert_equal(plan, {vm: {"error_code": "NO_HOSTS_AVAILABLE"}})
    for failures in (0, 1):
        w.api.call("pool.set_ha_host_failures_to_tolerate", w.pool, failures)
        assert_equal(w.api.call("pool.get_ha_host_failures_to_tolerate", w.pool), failures)
    w.api.refuses("INVALID_VALUE", "pool.set_ha_host_failures_to_tolerate", w.pool, -1)
    w.stop_all()
    assert_equal(w.api.call("pool.check_update_readiness", w.pool, True), [])


# ---- repositories ----

@recipe("Repository.introduce", "Repository.forget", "Repository.set_gpgkey_path", "pool.set_repositories",
        "pool.add_repository", "pool.remove_repository")
def _(w):
    url = f"https://example.com/{w.uuid()}"
    repository = w.api.call("Repository.introduce", w.name("repository"), "", url, "", True)
    assert_equal(w.api.call("Repository.get_binary_url", repository), url)
    w.api.call("Repository.set_gpgkey_path", repository, "key.asc")
    assert_equal(w.api.call("Repository.get_gpgkey_path", repository), "key.asc")
    w.api.call("pool.set_repositories", w.pool, [repository])
    w.api.refuses("REPOSITORY_IS_IN_USE", "Repository.forget", repository)
    w.api.call("pool.remove_repository", w.pool, repository)
    assert_equal(w.api.call("pool.get_repositories", w.pool), [])
    w.api.call("pool.add_repository", w.pool, repository)
    assert_equal(w.api.call("pool.get_repositories", w.pool), [repository])
    w.api.call("pool.set_repositories", w.pool, [])
    w.api.call("Repository.forget", repository)
    w.api.refuses("HANDLE_INVALID", "Repository.get_record", repository)


@recipe("pool.configure_repository_proxy", "pool.disable_repository_proxy")
def _(w):
    w.api.call("pool.configure_repository_proxy", w.pool, "http://proxy.example.com:3128", "me", "hush")
    assert_equal(w.api.call("pool.get_repository_proxy_url", w.pool), "http://proxy.example.com:3128")
    w.api.call("pool.disable_repository_proxy", w.pool)
    assert_equal(w.api.call("pool.get_repository_proxy_url", w.pool), "")


@recipe("pool.configure_update_sync", "pool.set_update_sync_enabled")
def _(w):
    for day in (2, 3):
        w.api.call("pool.configure_update_sync", w.pool, "weekly", day)
        assert_equal(w.api.call("pool.get_update_sync_day", w.pool), day)
    w.api.refuses("INVALID_UPDATE_SYNC_DAY", "pool.configure_update_sync", w.pool, "daily", 1)
    w.api.call("pool.set_update_sync_enabled", w.pool, False)
    w.api.refuses("NO_REPOSITORIES_CONFIGURED", "pool.set_update_sync_enabled", w.pool, True)


@recipe("pool.sync_updates")
def _(w):
    w.api.declares("NO_REPOSITORIES_CONFIGURED", "nothing is fetched here", "pool.sync_updates", w.pool, False)


# ---- tracing ----

@recipe("Observer.set_hosts", "Observer.set_attributes", "Observer.set_components", "Observer.set_endpoints",
        "Observer.set_enabled")
def _(w):
    observer = w.create("Observer")
    w.api.call("Observer.set_hosts", observer, [])
    assert_equal(w.api.call("Observer.get_hosts", observer), [])
    for field, value in (("hosts", [w.host]), ("attributes", {"a": "b"}), ("components", ["xapi", "smapi"]),
                         ("endpoints", ["bugtool", "https://example.com/traces"]), ("enabled", False)):
        w.api.call(f"Observer.set_{field}", observer, value)
        assert_equal(w.api.call(f"Observer.get_{field}", observer), value)
    w.api.refuses("INVALID_VALUE", "Observer.set_components", observer, ["walk"])
    w.api.refuses("INVALID_VALUE", "Observer.set_endpoints", observer, ["ftp://example.com"])
    w.api.refuses("INVALID_VALUE", "Observer.set_attributes", observer, {"": "b"})
    w.api.refuses("LICENCE_RESTRICTION", "Observer.set_enabled", observer, True)
