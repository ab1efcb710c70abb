// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/http_values.h"

#include <errno.h>

#include "base/err.h"
#include "lib/test.h"
#include "wire/http.h"

static struct buf found;

static int query(const char *text, const char *name)
{
    buf_clear(&found);
    return http_query_get(text, name, &found);
}

TEST(query_arguments_are_found_and_decoded)
{
    CHECK_INT(query("a=1&b=2", "b"), ==, 1);
    CHECK_STR(buf_str(&found), "2");
    CHECK_INT(query("a=1&a=2", "a"), ==, 1);
    CHECK_STR(buf_str(&found), "1");
    CHECK_INT(query("session_id=OpaqueRef%3a1&x", "session_id"), ==, 1);
    CHECK_STR(buf_str(&found), "OpaqueRef:1");
    CHECK_INT(query("x&y=", "x"), ==, 1);
    CHECK_STR(buf_str(&found), "");
    CHECK_INT(query("n=a+b%2Bc=d%0a", "n"), ==, 1);
    CHECK_STR(buf_str(&found), "a b+c=d\n");
    CHECK_INT(query("%61=1", "a"), ==, 1);
    CHECK_INT(query("", "a"), ==, 0);
    CHECK_INT(query("&&=&b", "a"), ==, 0);
    CHECK_INT(query("ab=1", "a"), ==, 0);
}

TEST(malformed_query_arguments_are_refused)
{
    CHECK_INT(query("a=%", "a"), ==, -EINVAL);
    CHECK_INT(query("a=%1&b", "a"), ==, -EINVAL);
    CHECK_INT(query("a=%1", "a"), ==, -EINVAL);
    CHECK_INT(query("a=%g0", "a"), ==, -EINVAL);
    CHECK_INT(query("a=%00", "a"), ==, -EINVAL);
    CHECK_INT(query("a=%01", "a"), ==, -EINVAL);
    CHECK_INT(query("a=%ff", "a"), ==, -EINVAL);
}

/* A request with two fields. */
static void make_head(struct http_head *head, const char *name, const char *one,
                      const char *two)
{
    *head = (struct http_head){.n_fields = two ? 2 : 1};
    head->fields[0] = (struct http_field){name, one};
    head->fields[1] = (struct http_field){name, two};
}

static int cookie(const char *one, const char *two, const char *name)
{
    struct http_head head;

    make_head(&head, "Cookie", one, two);
    buf_clear(&found);
    return http_cookie_get(&head, name, &found);
}

TEST(cookies_are_found_in_every_field)
{
    CHECK_INT(cookie("a=1; b=2", NULL, "b"), ==, 1);
    CHECK_STR(buf_str(&found), "2");
    CHECK_INT(cookie("a=1;b=2", "c=\"OpaqueRef%3A3\"", "c"), ==, 1);
    CHECK_STR(buf_str(&found), "OpaqueRef:3");
    CHECK_INT(cookie("a=x+y=z", NULL, "a"), ==, 1);
    CHECK_STR(buf_str(&found), "x+y=z");
    CHECK_INT(cookie("; ;a", NULL, "a"), ==, 0);
    CHECK_INT(cookie("ba=1", NULL, "a"), ==, 0);
    CHECK_INT(cookie("a=%0d", NULL, "a"), ==, -EINVAL);
}

static int basic(const char *value, const char *ret_both[2])
{
    static struct buf user, password;
    struct http_head head;
    int r;

    make_head(&head, "authorization", value, NULL);
    buf_clear(&user);
    buf_clear(&password);
    r = http_basic_auth(&head, &user, &password);
    ret_both[0] = buf_str(&user);
    ret_both[1] = buf_str(&password);
    return r;
}

TEST(basic_credentials_are_split_at_the_first_colon)
{
    const char *both[2];

    CHECK_INT(basic("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", both), ==, 1);
    CHECK_STR(both[0], "Aladdin");
    CHECK_STR(both[1], "open sesame");
    CHECK_INT(basic("BASIC  dTphOmI=", both), ==, 1);
    CHECK_STR(both[0], "u");
    CHECK_STR(both[1], "a:b");
    CHECK_INT(basic("Basic Og==", both), ==, 1);
    CHECK_STR(both[0], "");
    CHECK_INT(basic("Bearer x", both), ==, 0);
    CHECK_INT(basic("Basic dQ==", both), ==, -EINVAL);
    CHECK_INT(basic("Basic dTph\tOmI=", both), ==, -EINVAL);
    CHECK_INT(basic("Basic dQA6YQ==", both), ==, -EINVAL);
    CHECK_INT(basic("Basic /zph", both), ==, -EINVAL);
    CHECK_INT(basic("Basic", both), ==, 0);
}

TEST_MAIN
