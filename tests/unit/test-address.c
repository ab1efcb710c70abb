// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>

#include "lib/test.h"

static const char *parsed_host(const char *text)
{
    static char host[ADDRESS_TEXT_LEN + 1];
    struct address address;

    if (address_parse(text, &address) < 0)
        return "refused";
    address_host_text(&address.any, host);
    return host;
}

TEST(numeric_addresses_are_read)
{
    struct address address;

    CHECK_STR(parsed_host("127.0.0.1:8443"), "127.0.0.1");
    CHECK_STR(parsed_host("[::1]:80"), "::1");
    CHECK_STR(parsed_host("[::ffff:192.0.2.7]:80"), "192.0.2.7");
    CHECK_INT(address_parse("[::1]:65535", &address), ==, 0);
    CHECK_INT(ntohs(((struct sockaddr_in6 *)&address.storage)->sin6_port), ==, 65535);
}

TEST(an_address_written_reads_back)
{
    static const char *const texts[] = {"127.0.0.1:8443", "[2001:db8::1]:0", "/run/x.sock"};
    struct address address;
    char text[ADDRESS_TEXT_LEN + 1];

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        CHECK_INT(address_parse(texts[i], &address), ==, 0);
        address_text(&address, text);
        CHECK_STR(text, texts[i]);
    }
}

TEST(what_is_no_address_is_refused)
{
    static const char *const bad[] = {
        "",         ":",          "127.0.0.1",     "127.0.0.1:",    "127.0.0.1:65536",
        ":80",      "::1:80",     "[::1]",         "[]:80",         "[::1:80",
        "name:80",  "127.1:80",   "127.0.0.1:-1",  "127.0.0.1: 80", "127.0.0.1:80x",
        "1.2.3.4:", "[1.2.3.4:1", "relative/path",
    };

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        CHECK_STR(parsed_host(bad[i]), "refused");
}

TEST(names_are_split_and_not_looked_up)
{
    char host[ADDRESS_HOST_LEN + 1];
    uint16_t port;

    CHECK_INT(address_split("host.example:443", host, &port), ==, 0);
    CHECK_STR(host, "host.example");
    CHECK_INT(port, ==, 443);
}

TEST(a_path_must_fit_a_socket_address)
{
    struct address address;
    char path[200];

    CHECK_INT(address_parse("/run/x.sock", &address), ==, 0);
    CHECK_STR(address.un.sun_path, "/run/x.sock");
    memset(path, 'a', sizeof(path));
    path[0] = '/';
    path[199] = '\0';
    CHECK_INT(address_parse(path, &address), ==, -ENAMETOOLONG);
}

TEST_MAIN
