// SPDX-License-Identifier: GPL-2.0-or-later
/* What a kind of storage repository brings: a table of callbacks.  An absent callback means
 * "not supported", and the feature it stands for is then missing from the driver's list.
 * The core never asks which driver it has.
 *
 * Calls for one SR come one after the other, except 'volume_fill', which may run beside
 * calls for other volumes.  The core has checked holds (locks.h) before it calls. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/uuid.h"
#include "base/value.h"
#include "storage/layers.h"
#include "storage/merge.h"
#include "storage/vdi.h"

struct sr_host;

/* Everything a driver is told when it makes or attaches an SR; borrowed for the call. */
struct sr_request {
    const struct sr_host *host; /* outlives the attachment */
    struct uuid sr;
    const struct val *device_config;           /* text to text */
    const char *name_label, *name_description; /* sr.create only, else "" */
};

struct sr_space {
    uint64_t total, free; /* of the file system or device */
    uint64_t used;        /* by this SR's own volumes */
};

/* What a new volume is to be. */
struct volume_request {
    struct uuid uuid;
    uint64_t size; /* bytes, rounded by the core */
    const char *name_label, *name_description, *kind;
};

struct sr_config_key {
    const char *name, *help;
};

struct sr_driver {
    const char *type; /* "file" */
    const char *name, *description;
    const struct sr_config_key *keys; /* of device_config; NULL name at the end */
    const char *const *formats;       /* of images; NULL at the end */
    const char *const *traits;        /* features no callback stands for; NULL at the end */
    uint64_t max_size;                /* of a volume, in bytes; 0 without 'volume_create' */

    /* SRs found at a place, as a list of objects {uuid, name_label, ...}. */
    struct err *(*probe)(const struct sr_request *request, struct val *ret_srs);
    /* Makes an SR, durably, without attaching it; or leaves nothing. */
    struct err *(*create)(const struct sr_request *request, struct sr_space *ret_space);
    struct err *(*attach)(const struct sr_request *request, void **ret_state);
    void (*detach)(void *state);
    /* Removes the SR itself, which has no volumes (SR_NOT_EMPTY); 'detach' comes after. */
    struct err *(*destroy)(void *state);
    struct err *(*describe)(void *state, const char *name_label,
                            const char *name_description);
    struct err *(*stat)(void *state, struct sr_space *ret_space);
    /* A descriptor of the file system volumes grow in, borrowed; absent: none grows. */
    int (*space_fd)(void *state);
    /* All volumes, read again from where they are. */
    struct err *(*scan)(void *state, struct vdi_list *ret_vdis);

    /* One volume; VDI_MISSING. */
    struct err *(*volume_get)(void *state, const struct uuid *vdi, struct vdi *ret_vdi);
    struct err *(*volume_create)(void *state, const struct volume_request *wanted);
    struct err *(*volume_destroy)(void *state, const struct uuid *vdi);
    struct err *(*volume_resize)(void *state, const struct uuid *vdi, uint64_t size);
    /* A new read-only volume with the bytes 'vdi' has now; 'wanted->size' plays no part. */
    struct err *(*volume_snapshot)(void *state, const struct uuid *vdi,
                                   const struct volume_request *wanted);
    /* The same, writable and independent. */
    struct err *(*volume_clone)(void *state, const struct uuid *vdi,
                                const struct volume_request *wanted);
    /* 'vdi' takes the bytes of 'snapshot'; its own are gone. */
    struct err *(*volume_revert)(void *state, const struct uuid *vdi,
                                 const struct uuid *snapshot);
    /* NULL texts stay as they are. */
    struct err *(*volume_describe)(void *state, const struct uuid *vdi,
                                   const char *name_label, const char *name_description);
    /* Copies the image behind 'fd' (borrowed) into a volume never written before. */
    struct err *(*volume_fill)(void *state, const struct uuid *vdi, int fd,
                               const char *format);
    /* Descriptors of a volume's layers, the leaf first; VDI_READONLY. */
    struct err *(*volume_open)(void *state, const struct uuid *vdi, enum open_mode mode,
                               struct layers *ret_layers);

    /* What was written to it is on the disk when this returns. */
    struct err *(*volume_flush)(void *state, const struct uuid *vdi);

    /* Volumes with something begun and cut off: an array for the caller. */
    struct uuid *(*unsettled)(void *state, size_t *ret_n);
    /* Finishes that, or takes it back; nobody has the volume open. */
    struct err *(*volume_settle)(void *state, const struct uuid *vdi);
    /* The ids of a volume's layers, the leaf first. */
    struct err *(*volume_chain)(void *state, const struct uuid *vdi,
                                struct uuid ret_layers[LAYERS_MAX], size_t *ret_n);

    /* Of a volume somebody writes to.  A new empty layer 'top' is over the one he has, and
     * the volume points to it, durably: until the end he may write to either.  The same
     * snapshot again is fine. */
    struct err *(*snapshot_begin)(void *state, const struct uuid *vdi,
                                  const struct volume_request *wanted, struct uuid *ret_top,
                                  struct uuid *ret_before);
    /* He writes to 'top' from now on: the new one, and the snapshot is there, or the one
     * before, and nothing has happened.  Again is fine. */
    struct err *(*snapshot_end)(void *state, const struct uuid *vdi, const struct uuid *new,
                                const struct uuid *top, bool *ret_taken);
    /* He is about to see 'size'; he sees 'size' (that, or the one before). */
    struct err *(*resize_begin)(void *state, const struct uuid *vdi, uint64_t size);
    struct err *(*resize_end)(void *state, const struct uuid *vdi, uint64_t size);

    /* What can be merged now (merge.h). */
    struct err *(*merges)(void *state, struct merge_list *ret_merges);
    /* Opens the hidden layer 'lower' for writing, the one layer above it and those below;
     * OPERATION_NOT_ALLOWED when it is not hidden, or shared. */
    struct err *(*merge_open)(void *state, const struct uuid *lower,
                              struct merge_step *ret_step);
    /* One layer by its id. */
    struct err *(*layer_open)(void *state, const struct uuid *id, enum open_mode mode,
                              struct layer *ret_layer);
    /* 'lower' has all bytes of 'upper', and nobody writes to either: what named 'upper'
     * names 'lower' from now on, durably, and the layers between and 'upper' go.  Again is
     * fine. */
    struct err *(*merge_finish)(void *state, const struct uuid *lower,
                                const struct uuid *upper);
};

/* All drivers (rows of drivers.def), NULL at the end; and one by its type, or NULL. */
extern const struct sr_driver *const sr_drivers[];
const struct sr_driver *sr_driver_by_type(const char *type);
/* The features of a driver as XenAPI names them, a list of text. */
struct val sr_driver_features(const struct sr_driver *driver);
/* A driver as the answer to sr.drivers lists it. */
struct val sr_driver_to_val(const struct sr_driver *driver);
