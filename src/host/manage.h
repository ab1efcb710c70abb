// SPDX-License-Identifier: GPL-2.0-or-later
/* What lk-hostd changes on the machine: its power, its name, its clock, its log, who may
 * log in.  Settings are files below /etc that bear Latchkey's name where the machine's
 * programs read drop-ins, and systemctl makes the programs read them.
 *
 * Each wants a host that may be managed ('systemctl' is set), else PERMISSION_DENIED. */
#pragma once

#include <stdbool.h>

#include "base/err.h"
#include "base/value.h"
#include "host/verbs.h"

/* "reboot" or "poweroff": begun when it returns. */
struct err *manage_power(const struct host *host, const char *mode) MUST_CHECK;
/* HOST_NAME_INVALID for what is none. */
struct err *manage_hostname(const struct host *host, const char *name) MUST_CHECK;
/* One of host_timezones(), else INVALID_VALUE. */
struct err *manage_timezone(const struct host *host, const char *zone) MUST_CHECK;
/* Logs go to this machine ("name", "192.0.2.1:514", "[2001:db8::1]") too; "": to none. */
struct err *manage_syslog(const struct host *host, const char *destination) MUST_CHECK;
/* SSH logins are taken, now and after a start, or not. */
struct err *manage_ssh(const struct host *host, bool enabled) MUST_CHECK;
/* Logins at the machine's console end after so many idle seconds; 0: never. */
struct err *manage_console_timeout(const struct host *host, int64_t seconds) MUST_CHECK;
/* Whose clock is followed: "Factory" (the distribution's servers), "DHCP" (what the network
 * tells), "Custom" ('servers', a set of names and addresses).  INVALID_NTP_CONFIG. */
struct err *manage_ntp(const struct host *host, const char *mode,
                       const struct val *servers) MUST_CHECK;
