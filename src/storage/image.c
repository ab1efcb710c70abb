// SPDX-License-Identifier: GPL-2.0-or-later
#include "storage/image.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pwd.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/doc.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/rand.h"
#include "base/str.h"
#include "io/subprocess.h"
#include "storage/fault.h"
#include "wire/json.h"

#define NOBODY            65534
#define CHILD_MEMORY      (4ull << 30)
#define CHILD_FDS         64
#define CHILD_CPU_S       120          /* for anything but a copy */
#define SHORT_MS          (5 * 60000u) /* a slow disk, not a large image */
#define COPY_BYTES_PER_MS 1024u        /* slower than 1 MiB/s is stuck */
/* Tables of an empty image of 16 TiB, and the fixed few clusters. */
#define EMPTY_IMAGE_MAX (64ull << 20)
#define MAX_ANSWER      (256u << 10)
#define FIRST_FD        "/proc/self/fd/3"
#define SECOND_FD       "/proc/self/fd/4"

struct work {
    const char *argv[16];
    const int *fds;
    size_t n_fds;
    uint64_t max_file; /* the child may write this much */
    uint64_t max_cpu_s;
    uint64_t time_ms;
    bool answers;                      /* in JSON on standard output */
    const struct image_commit *commit; /* tells its progress there */
};

/* What qemu-img -p says, "    (12.34/100%)" and a carriage return, cut anywhere. */
struct progress {
    const struct image_commit *commit;
    char number[16];
    size_t len;
    bool inside; /* the parentheses */
};

static struct err *run(const struct image_tool *tool, const struct work *work,
                       struct val *ret_answer);
static struct err *failed(const struct subprocess_config *config,
                          const struct subprocess_result *result);
static char *source_name(const char *format);
static char *chain_name(const struct layers *layers);
static void read_progress(void *arg, const char *data, size_t size);
static struct err *check_alone(const struct val *info);
static struct err *bad_image(const char *why);
static struct err *as_bad_image(struct err *e);
static int copy_bytes(int from, int to, off_t size);

struct image_tool image_tool_find(void)
{
    struct image_tool tool = {NOBODY, NOBODY, -1};
    struct passwd user, *found = NULL;
    char room[4096];

    if (getpwnam_r("latchkey-image", &user, room, sizeof(room), &found) == 0 && found &&
        user.pw_uid != 0)
        tool = (struct image_tool){user.pw_uid, user.pw_gid, -1};
    return tool;
}

int image_give(const struct image_tool *tool, int fd)
{
    if (geteuid() != 0)
        return 0;
    return fchown(fd, tool->uid, tool->gid) < 0 ? -errno : 0;
}

struct err *image_create(const struct image_tool *tool, int fd, uint64_t size)
{
    autofree char *text = xasprintf("%" PRIu64, size);
    const struct work work = {
        .argv = {"qemu-img", "create", "-q", "-f", "qcow2", "-o",
                 "compat=1.1,cluster_size=65536", FIRST_FD, text},
        .fds = &fd,
        .n_fds = 1,
        .max_file = EMPTY_IMAGE_MAX,
        .max_cpu_s = CHILD_CPU_S,
        .time_ms = SHORT_MS,
    };
    struct err *e = run(tool, &work, NULL);

    if (!e && fsync(fd) < 0)
        e = storage_errno(errno, "flushing a new image");
    return e;
}

struct err *image_resize(const struct image_tool *tool, int fd, const char *format,
                         uint64_t size)
{
    autofree char *text = xasprintf("%" PRIu64, size);
    const struct work work = {
        .argv = {"qemu-img", "resize", "-q", "-f", format, FIRST_FD, text},
        .fds = &fd,
        .n_fds = 1,
        .max_cpu_s = CHILD_CPU_S,
        .time_ms = SHORT_MS,
    };
    struct err *e = run(tool, &work, NULL);

    if (!e && fsync(fd) < 0)
        e = storage_errno(errno, "flushing a grown image");
    return e;
}

struct err *image_inspect(const struct image_tool *tool, int fd, const char *format,
                          struct image_facts *ret_facts)
{
    autofree char *source = source_name(format);
    autoval struct val info = val_void(), measure = val_void();
    struct work work = {
        .argv = {"qemu-img", "info", "--output=json", source},
        .fds = &fd,
        .n_fds = 1,
        .max_file = 1,
        .max_cpu_s = CHILD_CPU_S,
        .time_ms = SHORT_MS,
        .answers = true,
    };
    struct err *e = run(tool, &work, &info);

    if (e)
        return as_bad_image(e);
    e = check_alone(&info);
    if (e)
        return e;
    memcpy(work.argv,
           (const char *[]){"qemu-img", "measure", "--output=json", "-O", "qcow2", source,
                            NULL},
           7 * sizeof(work.argv[0]));
    e = run(tool, &work, &measure);
    if (e)
        return as_bad_image(e);
    if (doc_size(&info, "virtual-size", INT64_MAX, &ret_facts->virtual_size) < 0 ||
        doc_size(&measure, "required", INT64_MAX, &ret_facts->needed) < 0)
        return bad_image("qemu-img does not tell its size");
    return NULL;
}

struct err *image_copy(const struct image_tool *tool, int from, const char *format, int to,
                       uint64_t virtual_size)
{
    autofree char *source = source_name(format);
    const struct work work = {
        /* -n: 'to' is an image already, of the volume's size, which may be larger. */
        .argv = {"qemu-img", "convert", "-q", "-n", "--target-is-zero", "-O", "qcow2",
                 source, SECOND_FD},
        .fds = (const int[]){from, to},
        .n_fds = 2,
        .max_file = virtual_size + virtual_size / 1024 + EMPTY_IMAGE_MAX,
        .time_ms = SHORT_MS + virtual_size / COPY_BYTES_PER_MS,
    };
    struct err *e = run(tool, &work, NULL);

    if (!e && fsync(to) < 0)
        e = storage_errno(errno, "flushing a copied image");
    return e;
}

/* A copy that was cut off may have left clusters that nothing refers to: they are given
 * back. Only metadata is read. */
static struct err *free_leaks(const struct image_tool *tool, const struct layer *layer)
{
    autofree char *source = source_name(layer->format);
    const struct work work = {
        .argv = {"qemu-img", "check", "-q", "-r", "leaks", source},
        .fds = &layer->fd,
        .n_fds = 1,
        .max_cpu_s = CHILD_CPU_S,
        .time_ms = SHORT_MS,
    };

    return STREQ(layer->format, "qcow2") ? run(tool, &work, NULL) : NULL;
}

struct err *image_commit_down(const struct image_tool *tool, const struct layers *layers,
                              const struct image_commit *how)
{
    autofree char *chain = chain_name(layers);
    autofree char *rate = xasprintf("%" PRIu64, how->rate);
    int fds[LAYERS_MAX];
    struct work work = {
        /* -d: the upper layer stays as it is, which is what makes this safe to cut off. */
        .argv = {"qemu-img", "commit", "-d", "-p", chain},
        .fds = fds,
        .n_fds = layers->n,
        .max_file = how->virtual_size + how->virtual_size / 1024 + EMPTY_IMAGE_MAX,
        .commit = how,
    };
    struct stat st;
    struct err *e;

    if (how->rate)
        memcpy(work.argv,
               (const char *[]){"qemu-img", "commit", "-d", "-p", "-r", rate, chain},
               7 * sizeof(work.argv[0]));
    for (size_t i = 0; i < layers->n; i++)
        fds[i] = layers->at[i].fd;
    /* Space that an image once had and does not use counts too. */
    if (fstat(fds[1], &st) == 0)
        work.max_file += (uint64_t)st.st_size;
    /* Before: this process may have died over an earlier attempt.  After: it may be the
     * last. */
    e = free_leaks(tool, &layers->at[1]);
    if (e)
        return e;
    e = run(tool, &work, NULL);
    if (e)
        err_ignore(free_leaks(tool, &layers->at[1]), "the next attempt frees them");
    else if (fsync(fds[1]) < 0)
        e = storage_errno(errno, "flushing layer %s", layers->at[1].id.text);
    return e;
}

struct err *image_borrow(const struct image_tool *tool, int fd, int dir_fd, int *ret_fd)
{
    autofree char *name = NULL;
    autoclose int copy = -1;
    struct stat st;
    int r;

    if (fstat(fd, &st) < 0)
        return err_errno(errno, "looking at an image");
    if (!S_ISREG(st.st_mode))
        return bad_image("it is no regular file");
    if (geteuid() != 0 || st.st_uid == tool->uid || (st.st_mode & S_IROTH)) {
        copy = fcntl(fd, F_DUPFD_CLOEXEC, 3);
        if (copy < 0)
            return err_errno(errno, "duplicating a descriptor");
        *ret_fd = take_fd(copy);
        return NULL;
    }

    name = xasprintf("image.%016" PRIx64 ".new", rand_u64());
    copy = fd_open_beneath(dir_fd, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
    if (copy < 0)
        return storage_errno(copy, "making a place for an image");
    unlinkat(dir_fd, name, 0);
    r = copy_bytes(fd, copy, st.st_size);
    if (r == 0)
        r = image_give(tool, copy);
    if (r < 0)
        return storage_errno(r, "copying an image");
    *ret_fd = take_fd(copy);
    return NULL;
}

static struct err *run(const struct image_tool *tool, const struct work *work,
                       struct val *ret_answer)
{
    struct progress progress = {.commit = work->commit};
    int fds[LAYERS_MAX + 1];
    size_t n_fds = 0;
    const struct subprocess_sandbox sandbox = {
        .uid = tool->uid,
        .gid = tool->gid,
        .max_memory = CHILD_MEMORY,
        .max_file = work->max_file,
        .max_cpu_s = work->max_cpu_s,
        .max_fds = CHILD_FDS + work->n_fds,
        .no_names = true,
    };
    struct subprocess_config config = {
        .argv = work->argv,
        .fds = fds,
        .max_output = work->answers || work->commit ? MAX_ANSWER : 0,
        .deadline_ms = work->time_ms ? clock_monotonic_ms() + work->time_ms : 0,
        .sandbox = &sandbox,
    };
    CLEANUP(subprocess_result_fini) struct subprocess_result result = {0};
    autoval struct val answer = val_void();
    struct err *e;

    for (; n_fds < work->n_fds; n_fds++)
        fds[n_fds] = work->fds[n_fds];
    if (tool->lock_fd >= 0)
        fds[n_fds++] = tool->lock_fd;
    config.n_fds = n_fds;
    if (work->commit) {
        config.on_output = read_progress;
        config.output_arg = &progress;
        config.cancel_fd = work->commit->cancel_fd;
    }
    e = subprocess_run(&config, &result);

    if (e)
        return e;
    if (result.status != 0)
        return failed(&config, &result);
    if (!work->answers)
        return NULL;
    if (json_parse(result.out.data, result.out.size, 0, &answer, NULL) < 0 ||
        answer.kind != VAL_MAP)
        return storage_failure("reading what qemu-img %s says", work->argv[1]);
    *ret_answer = take_val(answer);
    return NULL;
}

static struct err *failed(const struct subprocess_config *config,
                          const struct subprocess_result *result)
{
    autoptr(err) why = subprocess_check(config, result);
    const char *words = buf_str(&result->errors);

    /* The child's locale is C. */
    if (strstr(words, strerrordesc_np(ENOSPC)) || strstr(words, strerrordesc_np(EDQUOT)))
        return err_context(storage_full(EMPTY_IMAGE_MAX, 0), "%s", err_sentence(why));
    return storage_failure("%s", err_sentence(why));
}

/* The image behind the child's first descriptor, opened alone whatever its header says. */
static char *source_name(const char *format)
{
    return xasprintf("json:{\"driver\":\"%s\",%s\"file\":{\"driver\":\"file\","
                     "\"filename\":\"" FIRST_FD "\"}}",
                     format, STREQ(format, "qcow2") ? "\"backing\":null," : "");
}

/* Layers behind the child's descriptors, each over the next, whatever their headers say. */
static char *chain_name(const struct layers *layers)
{
    autobuf name = BUF_INIT;

    buf_add_str(&name, "json:");
    for (size_t i = 0; i < layers->n; i++)
        buf_addf(&name,
                 "{\"driver\":\"%s\",\"file\":{\"driver\":\"file\","
                 "\"filename\":\"/proc/self/fd/%zu\"}%s",
                 layers->at[i].format, i + 3, i + 1 < layers->n ? ",\"backing\":" : "");
    /* A raw layer has nothing below it. */
    if (STREQ(layers->at[layers->n - 1].format, "qcow2"))
        buf_add_str(&name, ",\"backing\":null");
    for (size_t i = 0; i < layers->n; i++)
        buf_add_char(&name, '}');
    return buf_take(&name);
}

static void read_progress(void *arg, const char *data, size_t size)
{
    struct progress *progress = arg;
    double percent;

    for (size_t i = 0; i < size; i++) {
        if (data[i] == '(') {
            progress->inside = true;
            progress->len = 0;
        } else if (progress->inside && data[i] == '/') {
            progress->inside = false;
            progress->number[progress->len] = '\0';
            if (str_to_double(progress->number, &percent) == 0 && percent >= 0 &&
                percent <= 100)
                progress->commit->on_progress(progress->commit->arg, percent / 100);
        } else if (progress->inside && progress->len < sizeof(progress->number) - 1) {
            progress->number[progress->len++] = data[i];
        }
    }
}

/* An image that names other files is refused: its content is not all here. */
static struct err *check_alone(const struct val *info)
{
    const struct val *specific = val_find(info, "format-specific");
    const struct val *data;

    if (val_find(info, "backing-filename"))
        return bad_image("it has a backing file");
    if (val_find(info, "encrypted"))
        return bad_image("it is encrypted");
    data = specific && specific->kind == VAL_MAP ? val_find(specific, "data") : NULL;
    if (data && data->kind == VAL_MAP && val_find(data, "data-file"))
        return bad_image("it keeps its data in another file");
    return NULL;
}

static struct err *bad_image(const char *why)
{
    struct err *e = err_new(ERR_IMPORT_ERROR, "looking at an image: %s", why);

    return err_param(e, why);
}

/* Takes 'e'. */
static struct err *as_bad_image(struct err *e)
{
    autoptr(err) why = e;

    return bad_image(err_sentence(why));
}

/* Holes stay holes. */
static int copy_bytes(int from, int to, off_t size)
{
    off_t at = 0;

    if (ftruncate(to, size) < 0)
        return -errno;
    while (at < size) {
        off_t data = lseek(from, at, SEEK_DATA), end;

        if (data < 0 && errno == ENXIO)
            return 0; /* a hole to the end */
        end = data < 0 ? -1 : lseek(from, data, SEEK_HOLE);
        if (data < 0 || end < 0 || lseek(to, data, SEEK_SET) < 0)
            return -errno;
        for (at = data; at < end;) {
            ssize_t n = sendfile(to, from, &at, (size_t)(end - at));

            if (n < 0 && errno != EINTR)
                return -errno;
            if (n == 0)
                return 0; /* it became shorter meanwhile */
        }
    }
    return 0;
}
