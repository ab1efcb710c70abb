// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/clock.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

uint64_t clock_monotonic_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

uint64_t clock_monotonic_ms(void)
{
    return clock_monotonic_us() / 1000;
}

int64_t clock_wall_seconds(void)
{
    return time(NULL);
}

double clock_wall(void)
{
    struct timespec t;

    clock_gettime(CLOCK_REALTIME, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void clock_to_text(int64_t seconds, char ret_text[CLOCK_TEXT_LEN + 1])
{
    time_t t = seconds < -62167219200   ? -62167219200
               : seconds > 253402300799 ? 253402300799
                                        : seconds;
    struct tm tm;
    char text[32];

    gmtime_r(&t, &tm);
    strftime(text, sizeof(text), "%m%dT%H:%M:%SZ", &tm);
    snprintf(ret_text, CLOCK_TEXT_LEN + 1, "%04u%.14s",
             (unsigned)(tm.tm_year + 1900) % 10000, text);
}

/* Reads 'n' digits at *at and moves on; -1 when there are fewer. */
static int digits(const char **at, int n)
{
    int value = 0;

    for (int i = 0; i < n; i++, (*at)++) {
        if (**at < '0' || **at > '9')
            return -1;
        value = value * 10 + (**at - '0');
    }
    return value;
}

int clock_from_text(const char *text, int64_t *ret_seconds)
{
    static const int month_days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    struct tm tm = {0};
    int year, month, day;

    year = digits(&text, 4);
    text += *text == '-';
    month = digits(&text, 2);
    text += *text == '-';
    day = digits(&text, 2);
    if (year < 0 || month < 1 || month > 12 || day < 1 || day > month_days[month - 1] ||
        *text++ != 'T')
        return -EINVAL;
    tm.tm_year = year - 1900, tm.tm_mon = month - 1, tm.tm_mday = day;
    tm.tm_hour = digits(&text, 2);
    if (*text++ != ':')
        return -EINVAL;
    tm.tm_min = digits(&text, 2);
    if (*text++ != ':')
        return -EINVAL;
    tm.tm_sec = digits(&text, 2);
    if (tm.tm_hour < 0 || tm.tm_hour > 23 || tm.tm_min < 0 || tm.tm_min > 59 ||
        tm.tm_sec < 0 || tm.tm_sec > 60)
        return -EINVAL;
    text += *text == 'Z';
    if (*text)
        return -EINVAL;
    *ret_seconds = timegm(&tm);
    return 0;
}
