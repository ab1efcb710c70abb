// SPDX-License-Identifier: GPL-2.0-or-later
/* What the root daemons share: a Unix socket, a table of verbs, checked arguments, workers,
 * notifications.
 *
 * One loop thread accepts and reads; a verb's body is plain blocking code in a worker.
 * Verbs with the same 'queue' key (a VM's or an SR's uuid) run one after the other, others
 * side by side.  Peers are checked by SO_PEERCRED: root, this process's own user, or the
 * manager's user.
 *
 * At the end calls already taken are finished and answered; one that does not end within 20
 * seconds is cut off with the process.  A manager that does not read what it is sent is
 * left. SIGCHLD is blocked and SIGPIPE ignored: start programs through io/subprocess.h. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/value.h"

struct agent;

enum arg_kind {
    ARG_UUID, /* text, lower-cased */
    ARG_TEXT, /* UTF-8 of at most 'max' bytes */
    ARG_WORD, /* [A-Za-z0-9._-]{1,max}, not starting with '-' or '.' */
    ARG_INT,  /* 'min' to 'max' */
    ARG_BOOL,
    ARG_MAP,    /* text to text */
    ARG_LIST,   /* of anything; the body checks the elements */
    ARG_OBJECT, /* the body checks it */
    ARG_FD,     /* a descriptor of the message, by index */
};

struct verb_arg {
    const char *name;
    enum arg_kind kind;
    bool optional;
    int64_t min, max;
};

/* One call being served.  'args' is the checked object. */
struct verb_call {
    struct agent *agent;
    const struct verb *verb;
    struct val args;
    int *fds; /* of the message; take_fd() what you keep */
    size_t n_fds;
    int *ret_fds; /* descriptors to send back: closed after the reply was sent */
    size_t n_ret_fds;
    void *state; /* the daemon's, from agent_run */
};

/* On success '*ret_result' is an object (or VAL_VOID). */
typedef struct err *(*verb_fn)(struct verb_call *call, struct val *ret_result);

struct verb {
    const char *name; /* "vm.start" */
    const struct verb_arg *args;
    size_t n_args;
    const char *queue; /* name of the argument whose value orders calls; NULL: none */
    verb_fn run;
    const char *help;
};

/* Arguments of a checked call.  The defaults are for absent optional ones. */
const char *call_text(const struct verb_call *call, const char *name); /* "" when absent */
int64_t call_int(const struct verb_call *call, const char *name, int64_t otherwise);
bool call_bool(const struct verb_call *call, const char *name, bool otherwise);
const struct val *call_arg(const struct verb_call *call,
                           const char *name); /* NULL when absent */
/* Moves the descriptor named by an ARG_FD out of the call; -1 when absent. */
int call_take_fd(struct verb_call *call, const char *name);
/* Adds a descriptor to the reply (takes it) and returns its index there. */
int call_return_fd(struct verb_call *call, int fd);

/* Sends a notification to every connected manager: name and object (taken).  Any thread. */
void agent_notify(struct agent *agent, const char *name, struct val params);

/* Runs 'fn' once in a worker, in the queue 'key' behind the calls that are in it.  At the
 * end of the program jobs already begun or waiting are finished too; one posted later runs
 * on the loop thread after 'stopping', when nothing else runs.  Any thread; at most 65,536
 * at a time. */
void agent_job(struct agent *agent, const char *key, void (*fn)(void *arg), void *arg);

struct agent_config {
    const char *name; /* "lk-vmd" */
    const char
        *socket_path; /* made with mode 0600 (0660 and the manager's group when given) */
    const char *manager_user; /* NULL: only root and the own user */
    const struct verb *verbs;
    size_t n_verbs;
    unsigned n_workers;
    void *state;
    /* Called on the loop thread once the socket listens, and before the program ends, when
     * no verb runs any more. */
    struct err *(*started)(struct agent *agent, void *state);
    void (*stopping)(struct agent *agent, void *state);
};

/* Serves until SIGTERM or SIGINT.  The loop (an sd_event *) is there for a daemon's own
 * descriptors and timers. */
struct err *agent_run(const struct agent_config *config) MUST_CHECK;
struct sd_event *agent_loop(struct agent *agent);
