// SPDX-License-Identifier: GPL-2.0-or-later
/* What stands inside a head: path, query, cookie, Basic credentials.  The first byte
 * chooses which. */
#include "wire/http_values.h"

#include <errno.h>

#include "base/str.h"
#include "fuzz.h"
#include "wire/http.h"

static void try_path(const char *text)
{
    autobuf out = BUF_INIT;

    if (http_decode_path(text, &out) < 0)
        return;
    FUZZ_CLAIM(str_is_utf8(buf_str(&out), out.size));
    FUZZ_CLAIM(!strstr(buf_str(&out), "/../") && !strstr(buf_str(&out), "/./"));
    FUZZ_CLAIM(!str_has_suffix(buf_str(&out), "/..") &&
               !str_has_suffix(buf_str(&out), "/."));
    for (size_t i = 0; i < out.size; i++)
        FUZZ_CLAIM((unsigned char)out.data[i] >= 0x20 && out.data[i] != 0x7f);
}

/* The name stands before the first line end. */
static void try_query(char *text)
{
    autobuf out = BUF_INIT;
    char *query = strchr(text, '\n');
    int r;

    if (!query)
        return;
    *query++ = '\0';
    r = http_query_get(query, text, &out);
    FUZZ_CLAIM(r == 1 || r == 0 || r == -EINVAL);
    if (r == 1)
        FUZZ_CLAIM(str_is_utf8(buf_str(&out), out.size) &&
                   strlen(buf_str(&out)) == out.size);
}

static void try_field(const char *name, const char *value)
{
    autobuf a = BUF_INIT, b = BUF_INIT;
    struct http_head head;
    int r;

    http_head_init(&head, HTTP_REQUEST);
    head.fields[0] = (struct http_field){name, value};
    head.n_fields = 1;
    r = STREQ(name, "cookie") ? http_cookie_get(&head, "session_id", &a)
                              : http_basic_auth(&head, &a, &b);
    FUZZ_CLAIM(r == 1 || r == 0 || r == -EINVAL);
    if (r == 1 && !STREQ(name, "cookie"))
        FUZZ_CLAIM(!strchr(buf_str(&a), ':'));
    http_head_fini(&head);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t choice = fuzz_choice(&data, &size);
    char *text = strndup((const char *)data, size);

    switch (choice % 4) {
    case 0:
        try_path(text);
        break;
    case 1:
        try_query(text);
        break;
    case 2:
        try_field("cookie", text);
        break;
    case 3:
        try_field("authorization", text);
        break;
    }
    free(text);
    return 0;
}
