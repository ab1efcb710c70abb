// SPDX-License-Identifier: GPL-2.0-or-later
/* SR type "file": a directory that holds all there is to know about itself.  The format is
 * docs/design/storage.md.  Private to file*.c.
 *
 * The disk is the only truth: nothing is cached between calls, so a call that was cut off
 * leaves nothing stale, and each step is one atomic replacement or removal. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/map.h"
#include "base/uuid.h"
#include "base/vec.h"
#include "storage/host.h"
#include "storage/layers.h"
#include "storage/vdi.h"

#define FILE_FORMAT_VERSION 1
/* A full image of this size with its tables stays below ext4's 16 TiB for a file. */
#define FILE_MAX_SIZE (16381ull << 30)

/* An attached SR. */
struct file_sr {
    const struct sr_host *host;
    struct uuid uuid;
    int root_fd, layers_fd, vdis_fd;
};

/* file_marker.c: sr.json, which says that the directory is an SR, and which. */
struct file_marker {
    struct uuid uuid;
    char *name_label, *name_description;
};

void file_marker_fini(struct file_marker *marker);
/* 0 or a negative errno: -ENOENT when there is none, -EBADMSG for a bad one, -EPROTO for a
 * format newer than ours. */
int file_marker_read(int root_fd, struct file_marker *ret_marker);
int file_marker_write(int root_fd, const struct file_marker *marker);
/* SR_UNHEALTHY unless the SR is still there: asked before anything is removed or missed. */
struct err *file_marker_check(const struct file_sr *sr) MUST_CHECK;

/* file_layer.c: images under ids that never change, each with its description. */
struct file_layer {
    struct uuid id, parent;  /* parent "": none */
    const char *format;      /* "qcow2" or "raw"; a constant */
    bool written;            /* was once opened for writing: may differ from its parent */
    bool frozen;             /* is or was shared: never opened for writing again */
    struct uuid merged_into; /* all its bytes are there: what named it means that one */
};

/* 0 or a negative errno; -EBADMSG. */
int file_layer_read(const struct file_sr *sr, const struct uuid *id,
                    struct file_layer *ret_layer);
/* The same, through what it was merged into. */
int file_layer_follow(const struct file_sr *sr, const struct uuid *id,
                      struct file_layer *ret_layer);
int file_layer_write(const struct file_sr *sr, const struct file_layer *layer);
struct err *file_layer_open(const struct file_sr *sr, const struct file_layer *layer,
                            enum open_mode mode, int *ret_fd) MUST_CHECK;
/* Makes an empty qcow2 layer over 'parent' (NULL: none), durably, or leaves nothing. */
struct err *file_layer_make(const struct file_sr *sr, const struct uuid *parent,
                            uint64_t size, struct file_layer *ret_layer) MUST_CHECK;
/* An empty raw one that stands on nothing: for what is a stream and no disk. */
struct err *file_layer_make_raw(const struct file_sr *sr, uint64_t size,
                                struct file_layer *ret_layer) MUST_CHECK;
/* The same from an outsider's image, or as a reflink copy of 'source' (-EOPNOTSUPP where
 * the file system has none: '*ret_done' is then false). */
struct err *file_layer_import(const struct file_sr *sr, int fd, const char *format,
                              uint64_t virtual_size, uint64_t size,
                              struct file_layer *ret_layer) MUST_CHECK;
struct err *file_layer_reflink(const struct file_sr *sr, const struct file_layer *source,
                               bool *ret_done, struct file_layer *ret_layer) MUST_CHECK;
struct err *file_layer_flush(const struct file_sr *sr, const struct uuid *id) MUST_CHECK;
/* Marks it as shared, before a second reference to it is written: flushed, for others'
 * bytes are in it from now on. */
struct err *file_layer_freeze(const struct file_sr *sr, const struct uuid *id) MUST_CHECK;
/* What a crash in here leaves is found as an orphan. */
void file_layer_remove(const struct file_sr *sr, const struct uuid *id);
uint64_t file_layer_allocated(const struct file_sr *sr, const struct file_layer *layer);
/* The layer and its ancestors: at most LAYERS_MAX. */
struct err *file_layer_chain(const struct file_sr *sr, const struct uuid *leaf,
                             struct file_layer ret_chain[LAYERS_MAX],
                             size_t *ret_n) MUST_CHECK;

/* file_vdi.c: a volume is a durable pointer to its leaf layer. */
struct file_vdi {
    struct uuid uuid, leaf;
    char *name_label, *name_description, *kind;
    uint64_t virtual_size;
    uint64_t resizing_to; /* a growth begun and not finished; 0: none */
    bool is_a_snapshot;
    struct uuid snapshot_of;
    int64_t snapshot_time;
    /* A snapshot begun while somebody writes: until it is ended he may be writing to 'leaf'
     * or to 'before'. */
    struct {
        struct uuid new, before; /* new "": none */
        char *name_label, *name_description;
        int64_t time;
    } begun;
};

void file_vdi_fini(struct file_vdi *vdi);
#define autofilevdi CLEANUP(file_vdi_fini) struct file_vdi

/* VDI_MISSING, or SR_BACKEND_FAILURE for a pointer that cannot be read. */
struct err *file_vdi_read(const struct file_sr *sr, const struct uuid *uuid,
                          struct file_vdi *ret_vdi) MUST_CHECK;
int file_vdi_parse(const struct val *object, struct file_vdi *ret_vdi);
struct err *file_vdi_write(const struct file_sr *sr, const struct file_vdi *vdi) MUST_CHECK;
struct err *file_vdi_remove(const struct file_sr *sr, const struct uuid *uuid) MUST_CHECK;
/* LOCATION_NOT_UNIQUE when there is one of this name. */
struct err *file_vdi_check_new(const struct file_sr *sr,
                               const struct uuid *uuid) MUST_CHECK;
/* 'leaf' may be NULL: unknown.  '*ret_vdi' is new. */
void file_vdi_describe(const struct file_sr *sr, const struct file_vdi *vdi,
                       const struct file_layer *leaf, struct vdi *ret_vdi);

/* file_tree.c: everything on an SR, read at once.  Calls that run meanwhile do not disturb
 * it: a pointer never names a layer that is not there yet. */
struct file_tree_layer {
    struct file_layer layer;
    bool has_image, has_description;
    bool readable;                 /* its description was understood */
    bool old;                      /* untouched since this daemon started */
    bool referenced;               /* a volume needs it */
    unsigned n_owners;             /* volumes that may write to it */
    unsigned n_pointers;           /* volumes whose leaf it is */
    bool has_children;             /* that are referenced */
    unsigned n_children;           /* all that name it as their parent */
    struct file_tree_layer *child; /* the last of them */
};
struct file_tree_vdi {
    struct file_vdi vdi;
    size_t depth;  /* layers of its chain */
    char *damaged; /* why its pointer cannot be followed, else NULL */
};
struct file_tree {
    VEC(struct file_tree_layer) layers;
    VEC(struct file_tree_vdi) vdis;
    struct map by_id; /* of 'layers' */
    bool whole;       /* every pointer and description was understood and followed */
};

void file_tree_fini(struct file_tree *tree);
#define autofiletree CLEANUP(file_tree_fini) struct file_tree
struct err *file_tree_load(const struct file_sr *sr, struct file_tree *ret_tree) MUST_CHECK;
struct file_tree_layer *file_tree_find(const struct file_tree *tree, const struct uuid *id);
/* The same, through what it was merged into; NULL when that leads nowhere. */
struct file_tree_layer *file_tree_follow(const struct file_tree *tree,
                                         const struct uuid *id);

/* file_recover.c: taking away what no volume needs, and setting right what a crash left.
 * Failures are logged: what stays is looked at again when the SR is next attached. */

/* Removes those of the 'n' layers that no volume needs any more; none at all when the tree
 * is not whole.  Also after a pointer could not be written: it may be there all the same.
 */
void file_prune(const struct file_sr *sr, const struct file_layer *layers, size_t n);
/* At attaching: moves what names merged layers, and removes what nobody needs and an
 * earlier run left. */
void file_recover(const struct file_sr *sr);
/* Freezes leaves that more than one volume could write to: somebody copied a pointer. */
void file_freeze_shared(const struct file_sr *sr, struct file_tree *tree);

/* file_merge.c: layers that become one. */
struct merge_list;
struct merge_step;
struct err *file_merges(void *state, struct merge_list *ret_merges);
struct err *file_merge_open(void *state, const struct uuid *lower,
                            struct merge_step *ret_step);
struct err *file_merge_layer_open(void *state, const struct uuid *id, enum open_mode mode,
                                  struct layer *ret_layer);
struct err *file_merge_finish(void *state, const struct uuid *lower,
                              const struct uuid *upper);
/* Moves what still names merged layers, and removes these. */
struct err *file_merge_move(const struct file_sr *sr) MUST_CHECK;

/* file_volume.c: the volume callbacks. */
struct volume_request;
struct err *file_volume_get(void *state, const struct uuid *uuid, struct vdi *ret_vdi);
struct err *file_volume_create(void *state, const struct volume_request *wanted);
struct err *file_volume_destroy(void *state, const struct uuid *uuid);
struct err *file_volume_resize(void *state, const struct uuid *uuid, uint64_t size);
struct err *file_volume_describe(void *state, const struct uuid *uuid,
                                 const char *name_label, const char *name_description);
struct err *file_volume_fill(void *state, const struct uuid *uuid, int fd,
                             const char *format);
struct err *file_volume_open(void *state, const struct uuid *uuid, enum open_mode mode,
                             struct layers *ret_layers);
struct err *file_volume_flush(void *state, const struct uuid *uuid);
struct err *file_volume_chain(void *state, const struct uuid *uuid,
                              struct uuid ret_layers[LAYERS_MAX], size_t *ret_n);
struct uuid *file_volume_unsettled(void *state, size_t *ret_n);
struct err *file_volume_settle(void *state, const struct uuid *uuid);
struct err *file_check_writable(const struct file_vdi *vdi,
                                const struct file_layer *leaf) MUST_CHECK;
/* SR_FULL unless 'needed' bytes and a reserve are free. */
struct err *file_check_space(const struct file_sr *sr, uint64_t needed) MUST_CHECK;

/* file_live.c: callbacks for volumes that somebody writes to. */
struct err *file_snapshot_begin(void *state, const struct uuid *uuid,
                                const struct volume_request *wanted, struct uuid *ret_top,
                                struct uuid *ret_before);
struct err *file_snapshot_end(void *state, const struct uuid *uuid, const struct uuid *new,
                              const struct uuid *top, bool *ret_taken);
struct err *file_resize_begin(void *state, const struct uuid *uuid, uint64_t size);
struct err *file_resize_end(void *state, const struct uuid *uuid, uint64_t size);
/* Of a snapshot that nobody can tell about any more. */
struct err *file_snapshot_drop(const struct file_sr *sr, struct file_vdi *vdi) MUST_CHECK;

/* file_copy.c: callbacks that make volumes share layers. */
struct err *file_volume_snapshot(void *state, const struct uuid *uuid,
                                 const struct volume_request *wanted);
struct err *file_volume_clone(void *state, const struct uuid *uuid,
                              const struct volume_request *wanted);
struct err *file_volume_revert(void *state, const struct uuid *uuid,
                               const struct uuid *snapshot);
