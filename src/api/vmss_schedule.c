// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "api/setter.h"
#include "api/vmss.h"
#include "base/str.h"
#include "model/map_key.h"

#define HOUR_S 3600

/* The keys of a schedule, and from which frequency on they matter. */
static const struct key {
    enum map_key_id id;
    int64_t least_frequency;
} keys[] = {
    {KEY_VMSS_SCHEDULE_MIN, E_VMSS_FREQUENCY_HOURLY},
    {KEY_VMSS_SCHEDULE_HOUR, E_VMSS_FREQUENCY_DAILY},
    {KEY_VMSS_SCHEDULE_DAYS, E_VMSS_FREQUENCY_WEEKLY},
};
static const char *const days[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                   "Thursday", "Friday", "Saturday"};

/* The bits of the days named in 'text', 0 being Sunday; 0 for a text that is no such list.
 */
static unsigned parse_days(const char *text)
{
    unsigned bits = 0;

    for (;;) {
        size_t len = strcspn(text, ","), day = 0;

        while (day < ARRAY_SIZE(days) &&
               !(strlen(days[day]) == len && strncasecmp(days[day], text, len) == 0))
            day++;
        if (day == ARRAY_SIZE(days))
            return 0;
        bits |= 1u << day;
        if (!text[len])
            return bits;
        text += len + 1;
        text += strspn(text, " ");
    }
}

static bool is_good(const struct val *schedule, const struct key *key)
{
    int64_t n;

    if (key->id == KEY_VMSS_SCHEDULE_DAYS)
        return parse_days(map_key_text(schedule, key->id)) != 0;
    if (!*map_key_text(schedule, key->id) || map_key_number(schedule, key->id, &n) < 0)
        return false;
    return key->id == KEY_VMSS_SCHEDULE_HOUR || n % 15 == 0;
}

static const struct key *find_key(const char *name)
{
    for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
        if (STREQ(map_key_name(keys[i].id), name))
            return &keys[i];
    return NULL;
}

static struct err *check(const struct val *schedule)
{
    for (size_t i = 0; i < val_count(schedule); i++) {
        const char *name = val_text(val_key_at(schedule, i)),
                   *value = val_text(val_value_at(schedule, i));
        const struct key *key = find_key(name);
        struct err *e;

        if (key && is_good(schedule, key))
            continue;
        e = err_paramf(err_params(ERR_INVALID_VALUE, NULL), "schedule:%s", name);
        return err_param(e, value);
    }
    return NULL;
}

struct err *vmss_normalise(int64_t frequency, const struct val *schedule,
                           struct val *ret_schedule)
{
    struct err *e = check(schedule);

    if (e)
        return e;
    *ret_schedule = val_map(ARRAY_SIZE(keys));
    for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
        if (keys[i].least_frequency <= frequency)
            val_put_str(ret_schedule, map_key_name(keys[i].id),
                        val_str(map_key_text(schedule, keys[i].id)));
    return NULL;
}

static int64_t number(const struct val *schedule, enum map_key_id key)
{
    int64_t n;

    map_key_number(schedule, key, &n);
    return n;
}

/* The schedule's minute in the hour that 'at' lies in, if that hour is one of its. */
static bool slot_in_hour(const struct row *vmss, int64_t at, int64_t *ret_slot)
{
    const struct val *schedule = row_get(vmss, F_VMSS_SCHEDULE);
    int64_t frequency = row_int(vmss, F_VMSS_FREQUENCY);
    time_t when = (time_t)at;
    struct tm tm;

    if (!localtime_r(&when, &tm))
        return false;
    if (frequency >= E_VMSS_FREQUENCY_DAILY &&
        tm.tm_hour != number(schedule, KEY_VMSS_SCHEDULE_HOUR))
        return false;
    if (frequency >= E_VMSS_FREQUENCY_WEEKLY &&
        !(parse_days(map_key_text(schedule, KEY_VMSS_SCHEDULE_DAYS)) & (1u << tm.tm_wday)))
        return false;
    *ret_slot =
        at - tm.tm_min * 60 - tm.tm_sec + number(schedule, KEY_VMSS_SCHEDULE_MIN) * 60;
    return true;
}

int64_t vmss_due(const struct row *vmss, int64_t now)
{
    /* Hour by hour back: one more than a week, for the days that have 25 of them. */
    for (int hours = 0; hours <= 8 * 24; hours++) {
        int64_t slot;

        if (slot_in_hour(vmss, now - hours * HOUR_S, &slot) && slot <= now)
            return slot;
    }
    return INT64_MIN;
}
