// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/tls.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/fd.h"
#include "io/address.h"
#include "io/stream.h"
#include "io/tls_certificate.h"
#include "io/wait.h"
#include "lib/scratch.h"
#include "lib/test.h"

#define DEADLINE (clock_monotonic_ms() + 20000)

static struct tls_context *server_context, *client_context;

static void make_contexts(void)
{
    autoclose int dir = fd_open_dir(scratch(), 0700);

    if (server_context)
        return;
    CHECK_OK(tls_certificate_make(dir, "host.example"));
    CHECK_OK(tls_context_new_server(scratch_path("cert.pem"), scratch_path("key.pem"),
                                    &server_context));
    CHECK_OK(tls_context_new_client(scratch_path("cert.pem"), &client_context));
}

/* A server of one connection on loopback that sends back what it reads. */
struct echo {
    int listener;
    char address[ADDRESS_TEXT_LEN + 1];
    struct tls_context *context;
    pthread_t thread;
    char version[16];
};

static void serve_echo(struct tls *tls, int sock)
{
    char data[40000];
    ssize_t n, sent = 0;

    for (;;) {
        n = tls_read(tls, data, sizeof(data));
        if (n == -EAGAIN && wait_for_fd(sock, tls_wants(tls), DEADLINE) == 0)
            continue;
        if (n <= 0)
            return;
        for (ssize_t at = 0; at < n; at += sent) {
            sent = tls_write(tls, data + at, (size_t)(n - at));
            if (sent >= 0)
                continue;
            if (sent != -EAGAIN || wait_for_fd(sock, tls_wants(tls), DEADLINE) < 0)
                return;
            sent = 0;
        }
    }
}

static void *echo_thread(void *arg)
{
    struct echo *echo = arg;
    autoclose int sock = accept4(echo->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    struct tls *tls = tls_new(echo->context, sock, NULL);
    int r;

    while ((r = tls_handshake(tls)) == -EAGAIN)
        if (wait_for_fd(sock, tls_wants(tls), DEADLINE) < 0)
            break;
    snprintf(echo->version, sizeof(echo->version), "%s", tls_version(tls));
    if (r == 0)
        serve_echo(tls, sock);
    tls_close(tls);
    tls_free(tls);
    return NULL;
}

static void echo_start(struct echo *echo)
{
    struct address address;
    socklen_t size = sizeof(address.storage);

    make_contexts();
    echo->context = server_context;
    CHECK_INT(address_parse("127.0.0.1:0", &address), ==, 0);
    echo->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK_INT(bind(echo->listener, &address.any, address.size), ==, 0);
    CHECK_INT(listen(echo->listener, 4), ==, 0);
    CHECK_INT(getsockname(echo->listener, &address.any, &size), ==, 0);
    address.size = size;
    address_text(&address, echo->address);
    pthread_create(&echo->thread, NULL, echo_thread, echo);
}

static void echo_stop(struct echo *echo)
{
    pthread_join(echo->thread, NULL);
    close(echo->listener);
}

TEST(bytes_pass_both_ways_by_tls_1_3)
{
    static char sent[300000], got[300000];
    struct stream *stream = NULL;
    struct echo echo;
    size_t n_sent = 0, n_got = 0;

    echo_start(&echo);
    CHECK_OK(stream_connect(echo.address, client_context, NULL, DEADLINE, &stream));
    for (size_t i = 0; i < sizeof(sent); i++)
        sent[i] = (char)(i * 7);
    while (n_got < sizeof(sent)) {
        ssize_t n;

        if (n_sent < sizeof(sent)) {
            CHECK_INT(stream_write(stream, sent + n_sent, 30000, DEADLINE), ==, 0);
            n_sent += 30000;
        }
        n = stream_read(stream, got + n_got, sizeof(got) - n_got, DEADLINE);
        CHECK_INT(n, >, 0);
        n_got += (size_t)n;
    }
    CHECK(memcmp(sent, got, sizeof(sent)) == 0);
    stream_free(stream);
    echo_stop(&echo);
    CHECK_STR(echo.version, "TLSv1.3");
}

TEST(a_name_the_certificate_does_not_carry_is_refused)
{
    struct stream *stream = NULL;
    struct echo echo;
    struct err *e;

    echo_start(&echo);
    e = stream_connect(echo.address, client_context, "other.example", DEADLINE, &stream);
    CHECK(e && strstr(err_sentence(e), "ostname mismatch"));
    err_free(e);
    echo_stop(&echo);

    echo_start(&echo);
    e = stream_connect(echo.address, client_context, "192.0.2.1", DEADLINE, &stream);
    CHECK(e && strstr(err_sentence(e), "IP address mismatch"));
    err_free(e);
    echo_stop(&echo);

    echo_start(&echo);
    CHECK_OK(
        stream_connect(echo.address, client_context, "host.example", DEADLINE, &stream));
    stream_free(stream);
    echo_stop(&echo);
}

TEST(an_unknown_certificate_is_refused)
{
    struct tls_context *system_context = NULL;
    struct stream *stream = NULL;
    struct echo echo;
    struct err *e;

    CHECK_OK(tls_context_new_client(NULL, &system_context));
    echo_start(&echo);
    e = stream_connect(echo.address, system_context, NULL, DEADLINE, &stream);
    CHECK(e && strstr(err_sentence(e), "self-signed"));
    err_free(e);
    echo_stop(&echo);
    tls_context_free(system_context);
}

/* A client of OpenSSL's own, to try what ours never does. */
static int foreign_connect(struct echo *echo, int max_version, const char *alpn,
                           char *ret_alpn, size_t size)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
    struct address address;
    const unsigned char *chosen;
    unsigned chosen_len;
    SSL *ssl;
    int sock, result;

    SSL_CTX_set_security_level(ctx, 0);
    SSL_CTX_set_max_proto_version(ctx, max_version);
    if (alpn)
        SSL_CTX_set_alpn_protos(ctx, (const unsigned char *)alpn, (unsigned)strlen(alpn));
    ssl = SSL_new(ctx);
    address_parse(echo->address, &address);
    sock = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    connect(sock, &address.any, address.size);
    SSL_set_fd(ssl, sock);
    result = SSL_connect(ssl);
    SSL_get0_alpn_selected(ssl, &chosen, &chosen_len);
    if (ret_alpn)
        snprintf(ret_alpn, size, "%.*s", (int)chosen_len,
                 chosen ? (const char *)chosen : "");
    SSL_shutdown(ssl);
    SSL_free(ssl);
    SSL_CTX_free(ctx);
    close(sock);
    return result;
}

TEST(tls_1_2_is_spoken_and_1_1_is_not)
{
    struct echo echo;

    echo_start(&echo);
    CHECK_INT(foreign_connect(&echo, TLS1_2_VERSION, NULL, NULL, 0), ==, 1);
    echo_stop(&echo);
    CHECK_STR(echo.version, "TLSv1.2");
    echo_start(&echo);
    CHECK_INT(foreign_connect(&echo, TLS1_1_VERSION, NULL, NULL, 0), !=, 1);
    echo_stop(&echo);
}

TEST(alpn_chooses_http_1_1_and_tolerates_others)
{
    struct echo echo;
    char chosen[32];

    echo_start(&echo);
    CHECK_INT(foreign_connect(&echo, 0, "\x02h2\x08http/1.1", chosen, sizeof(chosen)), ==,
              1);
    CHECK_STR(chosen, "http/1.1");
    echo_stop(&echo);
    echo_start(&echo);
    CHECK_INT(foreign_connect(&echo, 0, "\x02h2", chosen, sizeof(chosen)), ==, 1);
    CHECK_STR(chosen, "");
    echo_stop(&echo);
}

TEST(a_client_that_speaks_no_tls_gets_an_error_with_a_reason)
{
    int pair[2];
    struct tls *tls;

    make_contexts();
    CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair), ==,
              0);
    tls = tls_new(server_context, pair[0], NULL);
    CHECK_INT(tls_handshake(tls), ==, -EAGAIN);
    CHECK_INT(tls_wants(tls), ==, POLLIN);
    CHECK_INT(write(pair[1], "GET / HTTP/1.1\r\n\r\n", 18), ==, 18);
    CHECK_INT(tls_handshake(tls), ==, -EPROTO);
    CHECK_STR(tls_reason(tls), "http request");
    CHECK_INT(tls_handshake(tls), ==, -EPROTO);
    tls_free(tls);
    close(pair[0]);
    close(pair[1]);
}

TEST(connecting_where_nobody_listens_says_so)
{
    struct stream *stream = NULL;
    struct echo echo;
    struct err *e;

    echo_start(&echo);
    CHECK_OK(stream_connect(echo.address, NULL, NULL, DEADLINE, &stream));
    stream_free(stream);
    echo_stop(&echo);
    e = stream_connect(echo.address, NULL, NULL, DEADLINE, &stream);
    CHECK(e && err_errnum(e) == ECONNREFUSED);
    err_free(e);
    e = stream_connect(scratch_path("no.sock"), NULL, NULL, DEADLINE, &stream);
    CHECK(e && err_errnum(e) == ENOENT);
    err_free(e);
}

TEST(a_server_that_says_nothing_is_left_at_the_deadline)
{
    struct stream *stream = NULL;
    struct address address;
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct err *e;
    char c;

    make_contexts();
    CHECK_INT(address_parse(scratch_path("silent.sock"), &address), ==, 0);
    CHECK_INT(bind(listener, &address.any, address.size), ==, 0);
    CHECK_INT(listen(listener, 4), ==, 0);
    e = stream_connect(scratch_path("silent.sock"), client_context, "localhost",
                       clock_monotonic_ms() + 20, &stream);
    CHECK(e && err_errnum(e) == ETIMEDOUT);
    err_free(e);
    CHECK_OK(stream_connect(scratch_path("silent.sock"), NULL, NULL, DEADLINE, &stream));
    CHECK_INT(stream_read(stream, &c, 1, clock_monotonic_ms() + 5), ==, -ETIMEDOUT);
    stream_free(stream);
    close(listener);
}

static X509 *read_certificate(void)
{
    FILE *file = fopen(scratch_path("cert.pem"), "re");
    X509 *certificate = PEM_read_X509(file, NULL, NULL, NULL);

    fclose(file);
    return certificate;
}

TEST(the_made_certificate_is_strictly_well_formed_for_all_its_names)
{
    X509_STORE *store = X509_STORE_new();
    X509_STORE_CTX *context = X509_STORE_CTX_new();
    X509 *certificate;

    make_contexts();
    certificate = read_certificate();
    CHECK_INT(X509_check_host(certificate, "localhost", 0, 0, NULL), ==, 1);
    CHECK_INT(X509_check_host(certificate, "host.example", 0, 0, NULL), ==, 1);
    CHECK_INT(X509_check_ip_asc(certificate, "127.0.0.1", 0), ==, 1);
    CHECK_INT(X509_check_ip_asc(certificate, "::1", 0), ==, 1);
    CHECK_INT(X509_check_ip_asc(certificate, "10.0.0.1", 0), ==, 0);

    X509_STORE_add_cert(store, certificate);
    X509_STORE_CTX_init(context, store, certificate, NULL);
    X509_STORE_CTX_set_flags(context, X509_V_FLAG_X509_STRICT);
    X509_STORE_CTX_set_purpose(context, X509_PURPOSE_SSL_SERVER);
    CHECK_INT(X509_verify_cert(context), ==, 1);
    X509_STORE_CTX_free(context);
    X509_STORE_free(store);
    X509_free(certificate);
}

TEST(a_certificate_that_is_there_stays_and_only_its_owner_reads_the_key)
{
    autoclose int dir = -1;
    autobuf before = BUF_INIT, after = BUF_INIT;
    struct stat info;

    make_contexts();
    dir = fd_open_dir(scratch(), 0700);
    CHECK_INT(fd_read_file(dir, "cert.pem", 10000, &before), ==, 0);
    CHECK_OK(tls_certificate_make(dir, "other.example"));
    CHECK_INT(fd_read_file(dir, "cert.pem", 10000, &after), ==, 0);
    CHECK_STR(buf_str(&before), buf_str(&after));
    CHECK_INT(fstatat(dir, "key.pem", &info, 0), ==, 0);
    CHECK_INT(info.st_mode & 07777, ==, 0600);
}

TEST(a_host_without_a_usable_name_gets_a_certificate_for_localhost)
{
    X509 *certificate;
    autoclose int dir = fd_open_dir(scratch(), 0700);

    unlinkat(dir, "cert.pem", 0);
    CHECK_OK(tls_certificate_make(dir, "bad name,DNS:evil.example"));
    certificate = read_certificate();
    CHECK_INT(X509_check_host(certificate, "localhost", 0, 0, NULL), ==, 1);
    CHECK_INT(X509_check_host(certificate, "evil.example", 0, 0, NULL), ==, 0);
    X509_free(certificate);
    tls_context_free(server_context);
    tls_context_free(client_context);
    server_context = client_context = NULL;
}

TEST(files_that_are_no_certificate_are_errors)
{
    struct tls_context *context = NULL;
    struct err *e = tls_context_new_server("/dev/null", "/dev/null", &context);

    CHECK(e && strstr(err_sentence(e), "/dev/null"));
    err_free(e);
    e = tls_context_new_client("/nonexistent", &context);
    CHECK(e != NULL);
    err_free(e);
}

TEST_MAIN
