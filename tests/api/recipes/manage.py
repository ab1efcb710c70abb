# SPDX-License-Identifier: GPL-2.0-or-later
"""What a host is told to be: what stands below its /etc then, and what its systemctl was asked for."""
import os

import machine
from walk import assert_equal, assert_in, recipe


def etc(w, name):
    """A file's lines, without comments."""
    text = machine.read(w.manager.directory, os.path.join("etc", name))
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def calls(w):
    return machine.systemctl_calls(w.manager.directory)


@recipe("host.reboot", "host.shutdown")
def _(w):
    vm = w.started()
    calls(w)
    for message, word in (("host.reboot", "reboot"), ("host.shutdown", "poweroff")):
        w.api.refuses("HOST_NOT_DISABLED", message, w.host)
        w.api.host.disable(w.host)
        assert_in(message.split(".")[1], w.api.host.get_allowed_operations(w.host))
        w.api.call(message, w.host)
        assert_equal(calls(w), [f"--no-block {word}"])
        assert_equal(w.api.VM.get_power_state(vm), "Halted")
        w.api.host.enable(w.host)
        w.started(vm, paused=True)
    w.api.VM.hard_shutdown(vm)


@recipe("host.set_hostname_live")
def _(w):
    name = f"walk-{w.number()}.example"
    w.api.call("host.set_hostname_live", w.host, name)
    assert_equal(w.api.call("host.get_hostname", w.host), name)
    assert_equal(w.api.call("host.get_software_version", w.host)["hostname"], name)
    assert_equal((etc(w, "hostname"), machine.read(w.manager.directory, "proc/sys/kernel/hostname")), ([name], name + "\n"))
    for wrong in ("", "a b", "-a", "a-", "a..b", "a.", "x" * 64 + ".example", "ü"):
        w.api.refuses("HOST_NAME_INVALID", "host.set_hostname_live", w.host, wrong)
    assert_equal(w.api.call("host.get_hostname", w.host), name)


@recipe("host.set_timezone")
def _(w):
    for zone in ("Europe/Zurich", "UTC", "America/Argentina/Buenos_Aires"):
        w.api.call("host.set_timezone", w.host, zone)
        assert_equal(w.api.call("host.get_timezone", w.host), zone)
        assert_equal(os.readlink(os.path.join(w.manager.directory, "machine/etc/localtime")), "/usr/share/zoneinfo/" + zone)
        assert_equal(etc(w, "timezone"), [zone])
    w.api.refuses("INVALID_VALUE", "host.set_timezone", w.host, "../../../etc/passwd")


@recipe("host.syslog_reconfigure")
def _(w):
    calls(w)
    w.api.host.set_logging(w.host, {"syslog_destination": "logs.example:514"})
    w.api.call("host.syslog_reconfigure", w.host)
    assert_equal((etc(w, "rsyslog.d/60-latchkey.conf"), calls(w)), (["*.* @logs.example:514"], ["restart rsyslog.service"]))
    w.api.host.set_logging(w.host, {"syslog_destination": "x\n*.* /etc/passwd"})
    w.api.refuses("INVALID_VALUE", "host.syslog_reconfigure", w.host)
    w.api.host.set_logging(w.host, {})
    w.api.call("host.syslog_reconfigure", w.host)
    assert_equal((etc(w, "rsyslog.d/60-latchkey.conf"), calls(w)), ([], ["try-restart rsyslog.service"]))


@recipe("host.set_ntp_mode", "host.set_ntp_custom_servers")
def _(w):
    drop_in = "systemd/timesyncd.conf.d/latchkey.conf"
    calls(w)
    w.api.call("host.set_ntp_custom_servers", w.host, [])
    w.api.refuses("INVALID_NTP_CONFIG", "host.set_ntp_mode", w.host, "Custom")
    w.api.call("host.set_ntp_custom_servers", w.host, ["ntp.example", "2001:db8::1"])
    assert_equal(calls(w), [])
    for mode, lines in (("Custom", ["NTP=", "NTP=ntp.example 2001:db8::1", "FallbackNTP="]), ("DHCP", ["FallbackNTP="]),
                        ("Factory", ["NTP="]), ("Custom", ["NTP=", "NTP=ntp.example 2001:db8::1", "FallbackNTP="])):
        w.api.call("host.set_ntp_mode", w.host, mode)
        assert_equal((w.api.host.get_ntp_mode(w.host), etc(w, drop_in)), (mode, ["[Time]", *lines]))
        assert_equal(calls(w), ["restart systemd-timesyncd.service"])
    w.api.call("host.set_ntp_custom_servers", w.host, ["192.0.2.1"])
    assert_equal((etc(w, drop_in)[2], w.api.host.get_ntp_custom_servers(w.host)), ("NTP=192.0.2.1", ["192.0.2.1"]))
    for wrong in ([], ["a b"], ["a\nServer=b"], [""]):
        w.api.refuses("INVALID_NTP_CONFIG", "host.set_ntp_custom_servers", w.host, wrong)
    assert_equal(w.api.host.get_ntp_custom_servers(w.host), ["192.0.2.1"])
    w.api.call("host.set_ntp_mode", w.host, "Factory")


def ssh(w):
    """(is it open, does it close again, for how long it opens)"""
    record = w.api.host.get_record(w.host)
    return record["ssh_enabled"], record["ssh_expiry"] != "19700101T00:00:00Z", record["ssh_enabled_timeout"]


def try_ssh(w, cls, ref):
    """The three messages of a class."""
    calls(w)
    w.api.call(f"{cls}.disable_ssh", ref)
    assert_equal((ssh(w)[:2], calls(w)), ((False, False), ["disable --now ssh.service"]))
    w.api.call(f"{cls}.set_ssh_enabled_timeout", ref, 600)
    assert_equal(ssh(w), (False, False, 600))
    w.api.call(f"{cls}.enable_ssh", ref)
    assert_equal((ssh(w), calls(w)), ((True, True, 600), ["enable --now ssh.service"]))
    w.api.call(f"{cls}.set_ssh_enabled_timeout", ref, 0)
    assert_equal(ssh(w), (True, False, 0))
    for wrong in (-1, 172801):
        w.api.refuses("INVALID_VALUE", f"{cls}.set_ssh_enabled_timeout", ref, wrong)
    part = "_PARTIALLY" if cls == "pool" else ""
    with machine.failing_systemctl(w.manager.directory):
        assert_equal(w.api.refuses(f"DISABLE_SSH{part}_FAILED", f"{cls}.disable_ssh", ref), [w.host])
        assert_equal(w.api.refuses(f"ENABLE_SSH{part}_FAILED", f"{cls}.enable_ssh", ref), [w.host])
    assert_equal(ssh(w), (True, False, 0))


@recipe("host.enable_ssh", "host.disable_ssh", "host.set_ssh_enabled_timeout")
def _(w):
    try_ssh(w, "host", w.host)


@recipe("pool.enable_ssh", "pool.disable_ssh", "pool.set_ssh_enabled_timeout")
def _(w):
    try_ssh(w, "pool", w.pool)


@recipe("host.set_console_idle_timeout", "pool.set_console_idle_timeout")
def _(w):
    for cls, ref, seconds in (("host", w.host, 60), ("pool", w.pool, 90)):
        w.api.call(f"{cls}.set_console_idle_timeout", ref, seconds)
        assert_equal(w.api.host.get_console_idle_timeout(w.host), seconds)
        assert_in(f"    TMOUT={seconds}", etc(w, "profile.d/latchkey-console.sh"))
        w.api.refuses("INVALID_VALUE", f"{cls}.set_console_idle_timeout", ref, -1)
        w.api.call(f"{cls}.set_console_idle_timeout", ref, 0)
        assert_equal((w.api.host.get_console_idle_timeout(w.host), etc(w, "profile.d/latchkey-console.sh")), (0, []))
