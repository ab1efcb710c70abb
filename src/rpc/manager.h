// SPDX-License-Identifier: GPL-2.0-or-later
/* What latchkeyd is made of.  Filled once at start by src/daemons/latchkeyd.c, constant
 * afterwards. */
#pragma once

#include "rpc/call.h"

struct sd_event;
struct loop_mailbox;
struct merges;
struct agents;
struct pool;
struct sessions;
struct events;
struct rpc;

struct manager_config {
    const char *state_dir;     /* database, certificate, password file */
    const char *run_dir;       /* sockets of the agents */
    const char *password_file; /* lab: "user:hash" lines; NULL: PAM through lk-auth */
    const char *auth_socket;   /* where lk-auth is asked; NULL: auth.sock in run_dir */
    bool lab;
};

struct manager {
    const struct manager_config *config;
    struct sd_event *loop;
    struct loop_mailbox *mailbox; /* posts to the loop's thread */
    struct db *db;
    struct agents *agents;
    struct pool *normal, *priority; /* io/pool.h */
    struct pool *login;             /* password checks */
    struct sessions *sessions;
    struct events *events; /* parked event calls */
    struct rpc *rpc;       /* bound method table */
    struct merges *merges; /* api/merges.h */
    /* What only the program itself can do.  Any thread but the loop's; NULL where there is
     * no program. */
    struct {
        void (*end)(void *arg, bool start_again);   /* soon: answers go out first */
        struct err *(*show_certificate)(void *arg); /* the files in the state folder */
        void (*set_https_only)(void *arg, bool value);
        void *arg;
    } process;
    struct {
        char host_ref[64], pool_ref[64], host_uuid[40];
        unsigned https_port; /* 0: none listens */
    } self;
};
