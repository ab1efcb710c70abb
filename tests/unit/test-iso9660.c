// SPDX-License-Identifier: GPL-2.0-or-later
/* src/wire/iso9660.c, read back the way a kernel does: by the volume descriptor, the root's
 * records and the names in their system use areas. */
#include "wire/iso9660.h"

#include "base/alloc.h"
#include "lib/test.h"

#define SECTOR 2048

static uint32_t little(const uint8_t *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static uint32_t big(const uint8_t *p)
{
    return p[3] | (uint32_t)p[2] << 8 | (uint32_t)p[1] << 16 | (uint32_t)p[0] << 24;
}

/* A number that is there in both orders. */
static uint32_t both(const uint8_t *p)
{
    CHECK_INT(little(p), ==, big(p + 4));
    return little(p);
}

static const uint8_t *sector(const struct buf *image, uint32_t n)
{
    CHECK((size_t)(n + 1) * SECTOR <= image->size);
    return (const uint8_t *)image->data + (size_t)n * SECTOR;
}

/* The Rock Ridge name of a record, or NULL. */
static bool record_has_name(const uint8_t *record, const char *name)
{
    const uint8_t *at = record + 33 + record[32] + (record[32] % 2 == 0);

    while (at + 4 <= record + record[0]) {
        CHECK(at[2] >= 4 && at + at[2] <= record + record[0]);
        if (memcmp(at, "NM", 2) == 0)
            return at[2] - 5u == strlen(name) && memcmp(at + 5, name, strlen(name)) == 0;
        at += at[2];
    }
    return false;
}

/* The record of a file in the root. */
static const uint8_t *find(const struct buf *image, const char *name)
{
    const uint8_t *root = sector(image, 16) + 156, *at, *end;

    CHECK_INT(root[0], ==, 34);
    at = sector(image, both(root + 2));
    end = at + both(root + 10);
    CHECK(memcmp(at + 34, "SP\7\1\xbe\xef", 6) == 0);
    while (at < end && *at) {
        if (record_has_name(at, name))
            return at;
        at += *at;
    }
    return NULL;
}

TEST(the_volume_has_its_label_and_its_size)
{
    static const struct iso9660_file file = {"a", "x", 1};
    autobuf image = BUF_INIT;
    const uint8_t *primary;

    iso9660_add(&image, "cidata", &file, 1);
    primary = sector(&image, 16);
    CHECK(memcmp(primary, "\1CD001\1", 7) == 0);
    CHECK(memcmp(primary + 40, "cidata                          ", 32) == 0);
    CHECK_INT(both(primary + 80) * SECTOR, ==, image.size);
    CHECK_INT(image.size % SECTOR, ==, 0);
    CHECK(memcmp(sector(&image, 17),
                 "\xff"
                 "CD001\1",
                 7) == 0);
    CHECK_INT(little(sector(&image, little(primary + 140)) + 2), ==,
              little(primary + 156 + 2));
    CHECK_INT(big(sector(&image, big(primary + 148)) + 2), ==, little(primary + 156 + 2));
}

TEST(files_are_found_by_name_with_all_their_bytes)
{
    autofree char *large = xcalloc(1, 70000);
    const struct iso9660_file files[] = {{"empty", "", 0},
                                         {"meta-data", "m", 1},
                                         {"network-config", large, 2048},
                                         {"user-data", large, 70000}};
    autobuf image = BUF_INIT;

    for (size_t i = 0; i < 70000; i++)
        large[i] = (char)(i * 7);
    iso9660_add(&image, "cidata", files, ARRAY_SIZE(files));
    for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
        const uint8_t *record = find(&image, files[i].name);
        size_t at;

        CHECK(record);
        CHECK_INT(both(record + 10), ==, files[i].size);
        at = (size_t)both(record + 2) * SECTOR;
        CHECK(at + files[i].size <= image.size);
        CHECK(memcmp((const char *)image.data + at, files[i].data, files[i].size) == 0);
    }
    CHECK(!find(&image, "vendor-data"));
}

TEST(the_most_that_is_promised_fits)
{
    struct iso9660_file files[ISO9660_MAX_FILES];
    char names[ISO9660_MAX_FILES][ISO9660_MAX_NAME + 1];
    autobuf image = BUF_INIT;

    for (size_t i = 0; i < ISO9660_MAX_FILES; i++) {
        memset(names[i], 'a' + (int)i, ISO9660_MAX_NAME);
        names[i][ISO9660_MAX_NAME] = '\0';
        files[i] = (struct iso9660_file){names[i], "x", 1};
    }
    iso9660_add(&image, "cidata", files, ISO9660_MAX_FILES);
    CHECK(find(&image, names[ISO9660_MAX_FILES - 1]));
}

TEST_MAIN
