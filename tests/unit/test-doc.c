// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/doc.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "base/fd.h"
#include "lib/scratch.h"
#include "lib/test.h"

#define ID "a3b5cbd1-62f0-4ca1-9b0f-6d6f1a3c0001"

static int open_dir(void)
{
    return open(scratch(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static int read_text(int dir, const char *text, struct val *ret_object)
{
    CHECK_INT(fd_replace_file(dir, "doc", text, strlen(text), 0600), ==, 0);
    return doc_read(dir, "doc", ret_object);
}

TEST(an_object_comes_back_as_it_was_written)
{
    autoclose int dir = open_dir();
    autoval struct val object = val_map(2), back = val_void();
    const char *text;
    struct uuid id;

    val_put_str(&object, "id", val_str(ID));
    val_put_str(&object, "text", val_str("a\n\xc3\xa9"));
    CHECK_INT(doc_write(dir, "doc", &object), ==, 0);
    CHECK_INT(doc_read(dir, "doc", &back), ==, 0);
    CHECK_INT(doc_uuid(&back, "id", &id), ==, 0);
    CHECK_STR(id.text, ID);
    CHECK_INT(doc_text(&back, "text", 10, &text), ==, 0);
    CHECK_STR(text, "a\n\xc3\xa9");
}

TEST(what_is_no_object_is_a_bad_message)
{
    static const char *const texts[] = {"", "[]", "7", "{", "{}x", "{\"a\": \"\xff\"}"};
    autoclose int dir = open_dir();
    autoval struct val object = val_void();

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        CHECK_INT(read_text(dir, texts[i], &object), ==, -EBADMSG);
    CHECK_INT(object.kind, ==, VAL_VOID);
}

TEST(links_directories_and_pipes_are_not_read)
{
    autoclose int dir = open_dir();
    autoval struct val object = val_void();

    CHECK_INT(mkfifoat(dir, "pipe", 0600), ==, 0);
    CHECK_INT(mkdirat(dir, "directory", 0700), ==, 0);
    CHECK_INT(symlinkat("doc", dir, "link"), ==, 0);
    CHECK_INT(read_text(dir, "{}", &object), ==, 0);
    CHECK_INT(doc_read(dir, "pipe", &object), ==, -EBADMSG);
    CHECK_INT(doc_read(dir, "directory", &object), ==, -EBADMSG);
    CHECK_INT(doc_read(dir, "link", &object), <, 0);
    CHECK_INT(doc_read(dir, "absent", &object), ==, -ENOENT);
}

TEST(a_text_beyond_the_limit_is_neither_written_nor_read)
{
    autoclose int dir = open_dir();
    autoval struct val object = val_map(1), back = val_void();
    autobuf big = BUF_INIT;

    for (size_t i = 0; i < DOC_MAX_SIZE; i++)
        buf_add_char(&big, ' ');
    val_put_str(&object, "text", val_str(buf_str(&big)));
    CHECK_INT(doc_write(dir, "doc", &object), ==, -EFBIG);
    buf_add_str(&big, "{}");
    CHECK_INT(read_text(dir, big.data, &back), ==, -EFBIG);
}

TEST(members_are_checked_for_their_kind_and_range)
{
    autoclose int dir = open_dir();
    autoval struct val object = val_void();
    const char *text = NULL;
    struct uuid id;
    uint64_t size = 7;
    bool flag;

    CHECK_INT(read_text(dir,
                        "{\"s\": \"abc\", \"n\": 5, \"m\": -1, \"z\": null, \"b\": true}",
                        &object),
              ==, 0);
    CHECK_INT(doc_text(&object, "s", 2, &text), ==, -EBADMSG);
    CHECK_INT(doc_text(&object, "n", 9, &text), ==, -EBADMSG);
    CHECK_INT(doc_text(&object, "absent", 9, &text), ==, -EBADMSG);
    CHECK(!text);
    CHECK_INT(doc_uuid(&object, "s", &id), ==, -EBADMSG);
    CHECK_INT(doc_uuid_or_none(&object, "z", &id), ==, 0);
    CHECK_STR(id.text, "");
    CHECK_INT(doc_size(&object, "n", 4, &size), ==, -EBADMSG);
    CHECK_INT(doc_size(&object, "m", 4, &size), ==, -EBADMSG);
    CHECK_INT(size, ==, 7);
    CHECK_INT(doc_size(&object, "n", 5, &size), ==, 0);
    CHECK_INT(size, ==, 5);
    CHECK_INT(doc_bool(&object, "n", &flag), ==, -EBADMSG);
    CHECK_INT(doc_bool(&object, "b", &flag), ==, 0);
    CHECK(flag);
}

TEST_MAIN
