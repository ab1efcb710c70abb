// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/map_key.h"

#include <errno.h>

#include "base/str.h"
#include "lib/test.h"
#include "model/model.h"

/* What 'key' of a map that holds just 'value' reads as; -EINVAL for what is wrong. */
static int64_t read_as(enum map_key_id key, const char *value)
{
    autoval struct val map = val_map(1);
    int64_t number;
    int r;

    if (value)
        val_put_str(&map, map_key_name(key), val_str(value));
    r = map_key_number(&map, key, &number);
    return r < 0 ? r : number;
}

static bool is_number(enum map_key_kind kind)
{
    return kind != MAP_KEY_TEXT && kind != MAP_KEY_MARK;
}

TEST(each_row_is_of_a_map_of_texts_and_holds_by_itself_what_its_type_allows)
{
    for (int i = 0; i < N_MAP_KEYS; i++) {
        const struct map_key *key = &map_keys[i];
        const struct type *type = classes[key->cls].fields[key->field].type;

        CHECK(type->kind == TYPE_MAP && type->key->kind == TYPE_STRING &&
              type->elem->kind == TYPE_STRING);
        CHECK_INT(map_key_find(key->cls, key->field, key->name), ==, i);
        CHECK(key->kind != MAP_KEY_WORD || key->words[0]);
        CHECK(key->least <= key->most);
        if (is_number(key->kind) && key->absent)
            CHECK_INT(read_as((enum map_key_id)i, NULL), ==,
                      read_as((enum map_key_id)i, key->absent));
    }
}

TEST(numbers_are_taken_within_their_limits_alone)
{
    char text[32];

    for (int i = 0; i < N_MAP_KEYS; i++) {
        const struct map_key *key = &map_keys[i];
        enum map_key_id id = (enum map_key_id)i;
        static const char *const bad[] = {"x",   "1x",   " 1", "1 ",
                                          "1.5", "0x10", "+",  "99999999999999999999"};

        if (key->kind != MAP_KEY_INT)
            continue;
        snprintf(text, sizeof(text), "%lld", (long long)key->least);
        CHECK_INT(read_as(id, text), ==, key->least);
        snprintf(text, sizeof(text), "%lld", (long long)key->most);
        CHECK_INT(read_as(id, text), ==, key->most);
        snprintf(text, sizeof(text), "%lld", (long long)key->least - 1);
        CHECK_INT(read_as(id, text), ==, -EINVAL);
        snprintf(text, sizeof(text), "%lld", (long long)key->most + 1);
        CHECK_INT(read_as(id, text), ==, -EINVAL);
        for (size_t j = 0; j < ARRAY_SIZE(bad); j++)
            CHECK_INT(read_as(id, bad[j]), ==, -EINVAL);
    }
}

TEST(switches_have_several_words_and_two_that_leave_them_be)
{
    CHECK_INT(read_as(KEY_VM_PLATFORM_ACPI, "False"), ==, 0);
    CHECK_INT(read_as(KEY_VM_PLATFORM_ACPI, "0"), ==, 0);
    CHECK_INT(read_as(KEY_VM_PLATFORM_VIRIDIAN, "on"), ==, 1);
    CHECK_INT(read_as(KEY_VM_PLATFORM_ACPI, "auto"), ==, 1);
    CHECK_INT(read_as(KEY_VM_PLATFORM_VIRIDIAN, "default"), ==, 0);
    CHECK_INT(read_as(KEY_VM_PLATFORM_ACPI, ""), ==, 1);
    CHECK_INT(read_as(KEY_VM_PLATFORM_ACPI, "maybe"), ==, -EINVAL);
}

TEST(a_truth_is_one_word_and_anything_else_is_not)
{
    CHECK_INT(read_as(KEY_SR_OTHER_CONFIG_INDESTRUCTIBLE, "true"), ==, 1);
    CHECK_INT(read_as(KEY_SR_OTHER_CONFIG_INDESTRUCTIBLE, "True"), ==, 0);
    CHECK_INT(read_as(KEY_SR_OTHER_CONFIG_INDESTRUCTIBLE, "1"), ==, 0);
    CHECK_INT(read_as(KEY_SR_OTHER_CONFIG_INDESTRUCTIBLE, NULL), ==, 0);
}

TEST(sizes_have_suffixes_and_words_a_place)
{
    CHECK_INT(read_as(KEY_SR_OTHER_CONFIG_MERGE_RATE, "2MiB"), ==, 2 << 20);
    CHECK_INT(read_as(KEY_SR_OTHER_CONFIG_MERGE_RATE, "-1"), ==, -EINVAL);
    CHECK_INT(read_as(KEY_SR_OTHER_CONFIG_MERGE_RATE, "much"), ==, -EINVAL);
    CHECK_INT(read_as(KEY_VM_PLATFORM_VGA, "cirrus"), ==, 1);
    CHECK_INT(read_as(KEY_VM_PLATFORM_VGA, NULL), ==, 0);
    CHECK_INT(read_as(KEY_VM_PLATFORM_VGA, "vesa"), ==, -EINVAL);
}

TEST(a_key_is_put_into_a_map_and_taken_out)
{
    autoval struct val nothing = val_map(0);
    autoval struct val with =
        map_key_with(&nothing, KEY_VBD_OTHER_CONFIG_OWNER, val_str(""));
    autoval struct val without = map_key_without(&with, KEY_VBD_OTHER_CONFIG_OWNER);

    CHECK(map_key_is_set(&with, KEY_VBD_OTHER_CONFIG_OWNER));
    CHECK(!map_key_is_set(&without, KEY_VBD_OTHER_CONFIG_OWNER));
    CHECK(!map_key_text(&without, KEY_VBD_OTHER_CONFIG_OWNER));
    CHECK_STR(map_key_text(&without, KEY_VM_HVM_BOOT_PARAMS_ORDER), "cd");
}

TEST(names_of_other_fields_and_other_names_are_no_keys)
{
    CHECK_INT(map_key_find(CLASS_VM, F_VM_PLATFORM, "hvm_serial"), ==, -1);
    CHECK_INT(map_key_find(CLASS_VM, F_VM_OTHER_CONFIG, "pci"), ==, -1);
    CHECK_INT(map_key_find(CLASS_VM, F_VM_OTHER_CONFIG, "acpi"), ==, -1);
    CHECK_INT(map_key_find(CLASS_VM, F_VM_PLATFORM, "ACPI"), ==, -1);
}

TEST_MAIN
