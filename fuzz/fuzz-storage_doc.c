// SPDX-License-Identifier: GPL-2.0-or-later
/* The documents by which an SR of type file describes itself.  The bytes lie on the SR as
 * marker, layer and volume; one that is understood is written and understood as the same.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/doc.h"
#include "base/fd.h"
#include "fuzz.h"
#include "storage/driver/file_private.h"

#define ID "a3b5cbd1-62f0-4ca1-9b0f-6d6f1a3c0001"

static struct file_sr sr;
static char directory[] = "/dev/shm/latchkey-fuzz-XXXXXX";

static void remove_directory(void)
{
    unlinkat(sr.root_fd, "sr.json", 0);
    unlinkat(sr.root_fd, ID ".json", 0);
    rmdir(directory);
}

static void make_directory(void)
{
    FUZZ_CLAIM(mkdtemp(directory));
    sr.root_fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    FUZZ_CLAIM(sr.root_fd >= 0);
    sr.layers_fd = sr.vdis_fd = sr.root_fd;
    atexit(remove_directory);
}

static void put(const char *name, const uint8_t *data, size_t size)
{
    int fd = openat(sr.root_fd, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    FUZZ_CLAIM(fd >= 0 && fd_write_all(fd, data, size) == 0);
    close(fd);
}

static void try_marker(void)
{
    struct file_marker marker = {0}, again = {0};

    if (file_marker_read(sr.root_fd, &marker) == 0) {
        FUZZ_CLAIM(file_marker_write(sr.root_fd, &marker) == 0);
        FUZZ_CLAIM(file_marker_read(sr.root_fd, &again) == 0);
        FUZZ_CLAIM(STREQ(marker.uuid.text, again.uuid.text));
        FUZZ_CLAIM(STREQ(marker.name_label, again.name_label));
        FUZZ_CLAIM(STREQ(marker.name_description, again.name_description));
    }
    file_marker_fini(&marker);
    file_marker_fini(&again);
}

static void try_layer(void)
{
    const struct uuid id = {ID};
    struct file_layer layer, again;

    if (file_layer_read(&sr, &id, &layer) < 0)
        return;
    FUZZ_CLAIM(STREQ(layer.format, "qcow2") || STREQ(layer.format, "raw"));
    FUZZ_CLAIM(file_layer_write(&sr, &layer) == 0);
    FUZZ_CLAIM(file_layer_read(&sr, &id, &again) == 0);
    FUZZ_CLAIM(STREQ(layer.parent.text, again.parent.text));
    FUZZ_CLAIM(layer.frozen == again.frozen && layer.written == again.written);
}

static void try_vdi(void)
{
    autoval struct val object = val_void();
    autofilevdi vdi = {0};

    if (doc_read(sr.root_fd, ID ".json", &object) < 0 || file_vdi_parse(&object, &vdi) < 0)
        return;
    FUZZ_CLAIM(uuid_is_valid(vdi.leaf.text));
    FUZZ_CLAIM(vdi.virtual_size <= FILE_MAX_SIZE && vdi.resizing_to <= FILE_MAX_SIZE);
    FUZZ_CLAIM(vdi.name_label && vdi.name_description && vdi.kind);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t choice = fuzz_choice(&data, &size) % 3;

    if (!sr.root_fd)
        make_directory();
    put(choice == 0 ? "sr.json" : ID ".json", data, size);
    if (choice == 0)
        try_marker();
    else if (choice == 1)
        try_layer();
    else
        try_vdi();
    return 0;
}
