// SPDX-License-Identifier: GPL-2.0-or-later
/* The interfaces of VMs that are attached here, over one backend.
 *
 * Each is a file in <run>/net, written before the backend is asked, so that nothing is lost
 * when this process dies; files of an earlier boot are void.  Calls for one VM come one
 * after the other (the agent's queues see to it).  Any thread. */
#pragma once

#include "net/backend.h"

struct net;

/* Opens the backend and <run_dir>/net, without attaching anything yet. */
struct err *net_new(const struct net_backend *backend, const char *run_dir,
                    struct net **ret_net) MUST_CHECK;
void net_free(struct net *net);
/* Attaches again what is on record.  What fails is logged and stays on record.  Before any
 * other call, by the one process that holds the socket. */
struct err *net_resume(struct net *net) MUST_CHECK;

/* "user" */
const char *net_backend_name(const struct net *net);
/* Attaches, and answers what lk-vmd needs to know.  Again is fine; another network or
 * address than before takes the place of the old one. */
struct err *net_attach(struct net *net, const struct net_interface *interface,
                       struct val *ret_entry) MUST_CHECK;
/* Fine when it is not attached. */
struct err *net_detach(struct net *net, const struct uuid *vm, unsigned device) MUST_CHECK;
/* A set of {vm, device, network, mac}. */
struct val net_list(struct net *net);
