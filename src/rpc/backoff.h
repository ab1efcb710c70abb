// SPDX-License-Identifier: GPL-2.0-or-later
/* How long those who guess passwords must wait, by where they come from and by whom they
 * claim to be.
 *
 * Each failure doubles the delay of its source and of its user name, each up to a limit; a
 * quarter of an hour without one forgets it.  Attempts of a source that has failed are
 * looked at one after the other, a delay apart.  A name's delay holds answers only, so that
 * strangers cannot lock its owner out.  What is remembered is bounded.  Any thread. */
#pragma once

#include <stdint.h>

struct backoff;

#define BACKOFF_REFUSE UINT64_MAX

struct backoff *backoff_new(void);
void backoff_free(struct backoff *backoff);

/* How long an attempt from 'source' must wait before it is looked at; BACKOFF_REFUSE when
 * too many wait already. */
uint64_t backoff_enter(struct backoff *backoff, const char *source, uint64_t now_ms);
/* How long the answer to a failed attempt is to be held. */
uint64_t backoff_failed(struct backoff *backoff, const char *source, const char *user,
                        uint64_t now_ms);
void backoff_succeeded(struct backoff *backoff, const char *user);
