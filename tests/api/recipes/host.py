# SPDX-License-Identifier: GPL-2.0-or-later
"""Hosts: in use and out of it, settings, members."""
import calendar
import ctypes
import json
import re
import ssl
import time

import xenapi
from manager import DEADLINE, PASSWORD, USER
from pems import OTHER, SERVER, SERVER_KEY
from walk import assert_equal, assert_in, elsewhere, enter, recipe
from world import MIB, NULL_REF


def declare(name, code, why, arguments):
    @recipe(name)
    def _(w):
        w.api.declares(code, why, name, *arguments(w))


@recipe("host.disable", "host.enable")
def _(w):
    w.api.call("host.disable", w.host)
    assert_equal(w.api.call("host.get_enabled", w.host), False)
    w.api.refuses("HOST_DISABLED", "VM.assert_can_boot_here", w.vm(), w.host)
    w.api.call("host.enable", w.host)
    assert_equal(w.api.call("host.get_enabled", w.host), True)


@recipe("host.evacuate", "host.assert_can_evacuate", "host.get_vms_which_prevent_evacuation",
        "host.get_uncooperative_resident_VMs")
def _(w):
    w.stop_all()
    w.api.call("host.evacuate", w.host)
    w.api.call("host.assert_can_evacuate", w.host)
    assert_equal(w.api.call("host.get_vms_which_prevent_evacuation", w.host), {})
    if w.manager.has("vmd"):
        vm = w.started()
        assert_equal(w.api.call("host.get_vms_which_prevent_evacuation", w.host), {vm: ["NO_HOSTS_AVAILABLE"]})
        w.api.refuses("CANNOT_EVACUATE_HOST", "host.evacuate", w.host)
        w.api.refuses("CANNOT_EVACUATE_HOST", "host.assert_can_evacuate", w.host)
        w.api.call("VM.hard_shutdown", vm)
    assert_equal(w.api.call("host.get_uncooperative_resident_VMs", w.host), [])


@recipe("host.compute_free_memory", "host.compute_memory_overhead")
def _(w):
    assert_equal(w.api.call("host.compute_free_memory", w.host) > MIB, True)
    assert_equal(w.api.call("host.compute_memory_overhead", w.host), w.api.call("host.get_memory_overhead", w.host))


@recipe("host.get_servertime", "host.get_server_localtime")
def _(w):
    told = calendar.timegm(time.strptime(w.api.call("host.get_servertime", w.host), "%Y%m%dT%H:%M:%SZ"))
    assert_equal(abs(told - time.time()) < 60, True)
    here = calendar.timegm(time.strptime(w.api.call("host.get_server_localtime", w.host), "%Y%m%dT%H:%M:%SZ"))
    assert_equal(abs(here - told - time.localtime().tm_gmtoff) < 60, True)


@recipe("host.get_server_certificate", "host.is_in_emergency_mode", "host.ha_xapi_healthcheck", "host.list_methods",
        "host.refresh_pack_info", "host.sync_data")
def _(w):
    assert_in("BEGIN CERTIFICATE", w.api.call("host.get_server_certificate", w.host))
    assert_equal(w.api.call("host.is_in_emergency_mode"), False)
    assert_equal(w.api.call("host.ha_xapi_healthcheck"), True)
    assert_in("VM.start", w.api.call("host.list_methods"))
    w.api.call("host.refresh_pack_info", w.host)
    w.api.call("host.sync_data", w.host)
    for name in ("host.get_server_certificate", "host.refresh_pack_info", "host.sync_data"):
        w.api.refuses("HANDLE_INVALID", name, "OpaqueRef:gone")


@recipe("host.set_iscsi_iqn", "host.set_multipathing", "host.set_power_on_mode")
def _(w):
    name, config = f"iqn.2026-01.example:walk-{w.number()}", {"a": w.name()}
    for multipathing in (False, True):
        w.api.call("host.set_iscsi_iqn", w.host, name)
        w.api.call("host.set_multipathing", w.host, multipathing)
        w.api.call("host.set_power_on_mode", w.host, "wake-on-lan", config)
        record = w.api.call("host.get_record", w.host)
        assert_equal((record["iscsi_iqn"], record["other_config"]["iscsi_iqn"], record["multipathing"],
                      record["other_config"]["multipathing"], record["power_on_mode"], record["power_on_config"]),
                     (name, name, multipathing, str(multipathing).lower(), "wake-on-lan", config))
    w.api.refuses("INVALID_VALUE", "host.set_iscsi_iqn", w.host, "")


declare("host.power_on", "HOST_IS_LIVE", "the only host is on", lambda w: (w.host,))
declare("host.enable_local_storage_caching", "SR_OPERATION_NOT_SUPPORTED", "no storage type here holds a cache",
        lambda w: (w.host, w.sr))
declare("pool.enable_local_storage_caching", "HOSTS_FAILED_TO_ENABLE_CACHING", "no storage type here holds a cache",
        lambda w: (w.pool,))


@recipe("host.disable_local_storage_caching", "pool.disable_local_storage_caching")
def _(w):
    w.api.call("host.disable_local_storage_caching", w.host)
    w.api.call("pool.disable_local_storage_caching", w.pool)
    assert_equal(w.api.call("host.get_local_cache_sr", w.host), "OpaqueRef:NULL")


@recipe("host.apply_edition", "host.license_remove", "pool.apply_edition", "pool.get_license_state")
def _(w):
    w.api.call("host.apply_edition", w.host, "free")
    w.api.call("pool.apply_edition", w.pool, "free")
    w.api.call("host.license_remove", w.host)
    assert_equal(w.api.call("pool.get_license_state", w.pool), {"edition": "free", "expiry": "never"})
    w.api.refuses("INVALID_EDITION", "pool.apply_edition", w.pool, "golden")
    w.api.refuses("INVALID_EDITION", "host.apply_edition", w.host, "golden")


@recipe("host.disable_external_auth", "pool.disable_external_auth", "pool.detect_nonhomogeneous_external_auth")
def _(w):
    w.api.call("host.disable_external_auth", w.host, {})
    w.api.call("pool.disable_external_auth", w.pool, {})
    w.api.call("pool.detect_nonhomogeneous_external_auth", w.pool)
    assert_equal(w.api.call("host.get_external_auth_type", w.host), "")


@recipe("host.create", "host.declare_dead", "host.destroy")
def _(w):
    host = w.api.call("host.create", w.uuid(), "told", "", "h", "192.0.2.1", "", "", {}, {}, "", {}, "OpaqueRef:NULL",
                      {}, False, "19700101T00:00:00Z", "", True, 0, "19700101T00:00:00Z")
    assert_equal((w.api.call("host.get_address", host), w.api.call("host.get_enabled", host)), ("192.0.2.1", False))
    w.api.call("host.declare_dead", host)
    w.api.call("host.destroy", host)
    w.api.refuses("HANDLE_INVALID", "host.get_record", host)
    w.api.refuses("HOST_CANNOT_DESTROY_SELF", "host.destroy", w.host)
    w.api.refuses("HOST_CANNOT_DESTROY_SELF", "host.declare_dead", w.host)


@recipe("host.allocate_resources_for_vm")
def _(w):
    vm = w.vm()
    w.api.call("host.allocate_resources_for_vm", w.host, vm, False)
    assert_equal(w.api.call("VM.get_scheduled_to_be_resident_on", vm), w.host)
    w.api.call("VM.start", vm, True, False)
    assert_equal((w.api.call("VM.get_scheduled_to_be_resident_on", vm), w.api.call("VM.get_resident_on", vm)),
                 (NULL_REF, w.host))


@recipe("host.set_ssl_legacy", "pool.disable_ssl_legacy", "pool.enable_tls_verification",
        "pool.disable_client_certificate_auth")
def _(w):
    w.api.refuses("VALUE_NOT_SUPPORTED", "host.set_ssl_legacy", w.host, True)
    w.api.call("host.set_ssl_legacy", w.host, False)
    w.api.call("pool.disable_ssl_legacy", w.pool)
    assert_equal(w.api.call("host.get_ssl_legacy", w.host), False)
    with elsewhere(w) as there:
        there.api.call("pool.enable_tls_verification")
        assert_equal((there.api.call("pool.get_tls_verification_enabled", there.pool),
                      there.api.call("host.get_tls_verification_enabled", there.host)), (True, True))
    w.api.call("pool.disable_client_certificate_auth", w.pool)
    assert_equal(w.api.call("pool.get_client_certificate_auth_enabled", w.pool), False)


# ---- the program that answers ----

def shown(manager):
    """The certificate a client sees."""
    address, _, port = manager.doors["https"].removeprefix("https://").rpartition(":")
    return ssl.get_server_certificate((address, int(port)))


@recipe("host.reset_server_certificate", "host.refresh_server_certificate", "host.emergency_reset_server_certificate",
        "host.install_server_certificate")
def _(w):
    with elsewhere(w) as there:
        def told():
            (record,) = [record for record in there.api.call("Certificate.get_all_records").values()
                         if record["host"] == there.host]
            return record["fingerprint_sha256"]

        seen = {(shown(there.manager), told())}
        for name, arguments in (("reset", [there.host]), ("refresh", [there.host]), ("emergency_reset", [])):
            there.api.call(f"host.{name}_server_certificate", *arguments)
            seen.add((shown(there.manager), told()))
        assert_equal(len({pem for pem, _ in seen}), 4)
        assert_equal(len({fingerprint for _, fingerprint in seen}), 4)
        there.api.call("host.install_server_certificate", there.host, SERVER, SERVER_KEY, "")
        assert_equal(shown(there.manager), SERVER)
        there.api.refuses("SERVER_CERTIFICATE_KEY_MISMATCH", "host.install_server_certificate", there.host, OTHER,
                          SERVER_KEY, "")
        there.api.refuses("SERVER_CERTIFICATE_KEY_INVALID", "host.install_server_certificate", there.host, SERVER,
                          "x", "")


@recipe("host.restart_agent", "host.shutdown_agent")
def _(w):
    with elsewhere(w) as there:
        network, daemon = there.network(), there.manager.daemon
        pid, token = daemon.process.pid, there.api.session
        there.api.call("host.restart_agent", there.host)
        there.manager.wait_restarted()
        assert_equal(daemon.process.pid, pid)
        api = enter(there.manager, w.api)
        assert_equal(token == api.session, False)
        assert_equal(api.call("network.get_all_records")[network]["MTU"], 1500)
        api.call("host.shutdown_agent")
        assert_equal(daemon.process.wait(DEADLINE), 0)


@recipe("host.set_https_only", "pool.set_https_only")
def _(w):
    with elsewhere(w) as there:
        def answers(scheme):
            client = xenapi.Client(there.manager.door(scheme))
            try:
                client.login(USER, PASSWORD)
            except xenapi.HttpError as refusal:
                return refusal.status
            finally:
                client.close()
            return 200

        for cls, self in (("host", there.host), ("pool", there.pool)):
            there.api.call(f"{cls}.set_https_only", self, True)
            assert_equal(there.api.call("host.get_https_only", there.host), True)
            assert_equal([answers(scheme) for scheme in ("http", "https", "unix")], [403, 200, 200])
            there.manager.restart()
            assert_equal(answers("http"), 403)
            there.api.door, there.api.session = there.manager.door(), None
            there.api.login(USER, PASSWORD)
            there.api.call(f"{cls}.set_https_only", self, False)
            assert_equal(answers("http"), 200)


@recipe("host.get_diagnostic_timing_stats", "host.get_tracked_user_agents")
def _(w):
    w.network()
    times = w.api.call("host.get_diagnostic_timing_stats", w.host, True)
    before = re.fullmatch(r"mean [0-9.]+ ms, longest [0-9.]+ ms, (\d+) calls", times["network.create"])
    w.network()
    times = w.api.call("host.get_diagnostic_timing_stats", w.host, True)["network.create"]
    assert_equal(times.endswith(f" {int(before.group(1)) + 1} calls"), True)
    assert_equal("calls" in w.api.call("host.get_diagnostic_timing_stats", w.host)["network.create"], False)
    name, number = f"walk-{w.number()}", str(w.number())
    w.api.call("session.login_with_password", USER, PASSWORD, "1.0", "walk", user_agent=f"{name}/{number} (test)")
    assert_equal(w.api.call("host.get_tracked_user_agents", w.host)[name], number)


@recipe("Diagnostics.gc_compact", "Diagnostics.gc_stats", "Diagnostics.db_stats", "host.get_thread_diagnostics",
        "host.get_sm_diagnostics")
def _(w):
    w.api.call("Diagnostics.gc_compact", w.host)
    w.api.refuses("HANDLE_INVALID", "Diagnostics.gc_compact", "OpaqueRef:gone")
    figures = w.api.call("Diagnostics.gc_stats", w.host)
    assert_equal(int(figures["from_system"]) >= int(figures["in_use"]) >= 0, True)  # a sanitizer's heap tells nothing
    networks = int(w.api.call("Diagnostics.db_stats")["rows of network"])
    w.network()
    figures = w.api.call("Diagnostics.db_stats")
    assert_equal(int(figures["rows of network"]), networks + 1)
    assert_in(" latchkeyd ", w.api.call("host.get_thread_diagnostics", w.host))
    assert_equal(type(json.loads(w.api.call("host.get_sm_diagnostics", w.host))), dict)


@recipe("host.get_data_sources", "host.query_data_source", "VM.get_data_sources", "VM.query_data_source",
        "SR.get_data_sources", "SR.query_data_source")
def _(w):
    owners = [("host", w.host, "memory_total_kib"), ("SR", w.sr, "physical_size")]
    if w.manager.has("vmd"):
        owners.append(("VM", w.started(), "memory"))
    for cls, owner, name in owners:
        assert_in(name, [source["name_label"] for source in w.api.call(f"{cls}.get_data_sources", owner)])
        assert_equal(w.api.call(f"{cls}.query_data_source", owner, name) > 0, True)
        w.api.refuses("INVALID_VALUE", f"{cls}.query_data_source", owner, "happiness")


@recipe("host.get_ntp_synchronized", "host.list_timezones")
def _(w):
    time_error = 5  # of adjtimex(2): nobody keeps the clock
    told = w.api.call("host.get_ntp_synchronized", w.host)
    assert_equal(told, ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(512)) != time_error)
    assert_in("UTC", w.api.call("host.list_timezones", w.host))


@recipe("host.dmesg")
def _(w):
    assert_equal(w.api.call("host.dmesg", w.host), "[    0.000000] Linux version\n[    1.500000] a card came\n")


@recipe("host.call_plugin", "host.call_extension", "host.has_extension", "pool.has_extension")
def _(w):
    assert_in("say a=1", w.api.call("host.call_plugin", w.host, "echo", "say", {"a": "1"}))
    w.api.refuses("XENAPI_MISSING_PLUGIN", "host.call_plugin", w.host, "gone", "say", {})
    assert_in("Walk.echo", w.api.call("host.call_extension", w.host, "Walk.echo"))
    w.api.refuses("MESSAGE_METHOD_UNKNOWN", "host.call_extension", w.host, "Walk.gone")
    for name, there in (("Walk.echo", True), ("Walk.gone", False)):
        assert_equal(w.api.call("host.has_extension", w.host, name), there)
        assert_equal(w.api.call("pool.has_extension", w.pool, name), there)


for one in ("VM.call_plugin", "VM.call_host_plugin"):
    declare(one, "XENAPI_MISSING_PLUGIN", "no plugin is a guest's", lambda w: (w.started(), "echo", "x", {}))
