// SPDX-License-Identifier: GPL-2.0-or-later
/* ECMA-119 for the image, IEEE P1282 (Rock Ridge) for the names as they are. */
#include "wire/iso9660.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/alloc.h"

#define SECTOR 2048u

/* Where things lie, in sectors. */
enum {
    AT_PRIMARY = 16, /* all before it is the system's own: zeros */
    AT_TERMINATOR,
    AT_PATHS_LITTLE,
    AT_PATHS_BIG,
    AT_ROOT,
    AT_FILES,
};

#define MODE_DIRECTORY 040555u
#define MODE_FILE      0100444u
#define FLAG_DIRECTORY 2

/* Not the clock's: images of the same files are the same. */
static const uint8_t made_at[7] = {100, 1, 1}; /* 2000-01-01, UTC */

struct entry {
    const char *name; /* "" this directory, "\1" its parent, else a file */
    uint32_t sector, size;
};

/* ---- numbers ---- */

static void add_zeros(struct buf *out, size_t n)
{
    static const uint8_t zeros[SECTOR];

    for (; n > sizeof(zeros); n -= sizeof(zeros))
        buf_add(out, zeros, sizeof(zeros));
    buf_add(out, zeros, n);
}

static void add_little(struct buf *out, uint32_t value, unsigned size)
{
    for (unsigned i = 0; i < size; i++)
        buf_add_char(out, (char)(value >> 8 * i));
}

static void add_big(struct buf *out, uint32_t value, unsigned size)
{
    for (unsigned i = size; i-- > 0;)
        buf_add_char(out, (char)(value >> 8 * i));
}

/* Both, one behind the other: 'size' bytes each. */
static void add_both(struct buf *out, uint32_t value, unsigned size)
{
    add_little(out, value, size);
    add_big(out, value, size);
}

static void add_text(struct buf *out, const char *text, size_t width)
{
    size_t len = strnlen(text, width);

    buf_add(out, text, len);
    for (; len < width; len++)
        buf_add_char(out, ' ');
}

/* To the end of the sector; an empty file has none. */
static void fill_sector(struct buf *out, size_t start)
{
    add_zeros(out, (SECTOR - (out->size - start) % SECTOR) % SECTOR);
}

static uint32_t sectors_of(size_t size)
{
    return (uint32_t)((size + SECTOR - 1) / SECTOR);
}

/* ---- directory records ---- */

static bool is_directory(const struct entry *entry)
{
    return (unsigned char)entry->name[0] <= 1;
}

/* The name for those who do not know Rock Ridge. */
static void add_plain_name(struct buf *record, const struct entry *entry)
{
    if (is_directory(entry)) {
        add_little(record, 1, 1);
        buf_add_char(record, entry->name[0]);
        return;
    }
    add_little(record, (uint32_t)strlen(entry->name) + 2, 1);
    for (const char *c = entry->name; *c; c++)
        buf_add_char(record, (char)toupper((unsigned char)*c));
    buf_add_str(record, ";1");
}

/* System use fields: signature, length, version 1. */
static void add_field(struct buf *record, const char *signature, size_t payload)
{
    buf_add(record, signature, 2);
    add_little(record, (uint32_t)payload + 4, 1);
    add_little(record, 1, 1);
}

static void add_rock_ridge(struct buf *record, const struct entry *entry, bool is_first)
{
    static const char extension[] = "RRIP_1991A";

    if (is_first) { /* says that the rest is there */
        add_field(record, "SP", 3);
        buf_add(record, "\xbe\xef\0", 3);
    }
    add_field(record, "PX", 32);
    add_both(record, is_directory(entry) ? MODE_DIRECTORY : MODE_FILE, 4);
    add_both(record, is_directory(entry) ? 2 : 1, 4); /* links */
    add_both(record, 0, 4);                           /* owner: root */
    add_both(record, 0, 4);
    if (!is_directory(entry)) {
        add_field(record, "NM", 1 + strlen(entry->name));
        buf_add_char(record, 0);
        buf_add_str(record, entry->name);
    }
    if (is_first) {
        add_field(record, "ER", 4 + strlen(extension));
        add_little(record, (uint32_t)strlen(extension), 1);
        add_zeros(record, 2); /* no description, no source */
        add_little(record, 1, 1);
        buf_add_str(record, extension);
    }
}

static void add_record(struct buf *out, const struct entry *entry, bool with_rock_ridge,
                       bool is_first)
{
    autobuf record = BUF_INIT;

    add_little(&record, 0, 1); /* no extended attributes */
    add_both(&record, entry->sector, 4);
    add_both(&record, entry->size, 4);
    buf_add(&record, made_at, sizeof(made_at));
    add_little(&record, is_directory(entry) ? FLAG_DIRECTORY : 0, 1);
    add_zeros(&record, 2); /* not interleaved */
    add_both(&record, 1, 2);
    add_plain_name(&record, entry);
    if (record.size % 2 == 0) /* with the length before it, to an even place */
        buf_add_char(&record, 0);
    if (with_rock_ridge)
        add_rock_ridge(&record, entry, is_first);
    if (record.size % 2 == 0)
        buf_add_char(&record, 0);
    assert_msg(record.size < 255, "a directory record is too long");
    add_little(out, (uint32_t)record.size + 1, 1);
    buf_add(out, record.data, record.size);
}

/* ---- the whole ---- */

static const struct entry root_entry = {"", AT_ROOT, SECTOR};

static void add_primary(struct buf *out, const char *label, uint32_t n_sectors)
{
    size_t start = out->size;

    buf_add(out, "\1CD001\1\0", 8);
    add_text(out, "", 32);
    add_text(out, label, ISO9660_MAX_LABEL);
    add_zeros(out, 8);
    add_both(out, n_sectors, 4);
    add_zeros(out, 32);
    add_both(out, 1, 2); /* one disc in the set, and this is it */
    add_both(out, 1, 2);
    add_both(out, SECTOR, 2);
    add_both(out, 10, 4); /* bytes of a path table that has the root alone */
    add_little(out, AT_PATHS_LITTLE, 4);
    add_little(out, 0, 4);
    add_big(out, AT_PATHS_BIG, 4);
    add_big(out, 0, 4);
    add_record(out, &root_entry, false, false);
    add_text(out, "", 4 * 128 + 3 * 37); /* set, publisher, preparer, ... */
    for (int i = 0; i < 4; i++)          /* times: not given */
        buf_add(out, "0000000000000000\0", 17);
    add_little(out, 1, 1);
    fill_sector(out, start);
}

static void add_paths(struct buf *out, void (*add)(struct buf *, uint32_t, unsigned))
{
    size_t start = out->size;

    add_little(out, 1, 1);
    add_little(out, 0, 1);
    add(out, AT_ROOT, 4);
    add(out, 1, 2);
    add_zeros(out, 2); /* the root's name, padded */
    fill_sector(out, start);
}

static void add_root(struct buf *out, const struct iso9660_file *files, size_t n_files)
{
    const struct entry parent = {"\1", AT_ROOT, SECTOR};
    size_t start = out->size;
    uint32_t sector = AT_FILES;

    add_record(out, &root_entry, true, true);
    add_record(out, &parent, true, false);
    for (size_t i = 0; i < n_files; i++) {
        const struct entry entry = {files[i].name, sector, (uint32_t)files[i].size};

        assert_msg(strlen(entry.name) <= ISO9660_MAX_NAME, "a file's name is too long");
        add_record(out, &entry, true, false);
        sector += sectors_of(files[i].size);
    }
    assert_msg(out->size - start <= SECTOR, "too many files for one sector");
    fill_sector(out, start);
}

void iso9660_add(struct buf *out, const char *label, const struct iso9660_file *files,
                 size_t n_files)
{
    uint32_t n_sectors = AT_FILES;
    size_t start = out->size;

    assert_msg(n_files <= ISO9660_MAX_FILES, "too many files");
    for (size_t i = 0; i < n_files; i++)
        n_sectors += sectors_of(files[i].size);
    add_zeros(out, (size_t)AT_PRIMARY * SECTOR);
    add_primary(out, label, n_sectors);
    buf_add(out,
            "\xff"
            "CD001\1",
            7);
    fill_sector(out, start);
    add_paths(out, add_little);
    add_paths(out, add_big);
    add_root(out, files, n_files);
    for (size_t i = 0; i < n_files; i++) {
        buf_add(out, files[i].data, files[i].size);
        fill_sector(out, start);
    }
}
