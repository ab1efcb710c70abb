// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/tls.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>

#include "base/alloc.h"

/* TLS 1.2 suites with forward secrecy and authenticated encryption only; 1.3 has no others.
 */
#define CIPHERS "ECDHE+AESGCM:ECDHE+CHACHA20"
#define GROUPS  "X25519:P-256:P-384"

struct tls_context {
    SSL_CTX *ctx;
};

struct tls {
    SSL *ssl;
    int sock;
    short wants;
    bool is_dead;
    char reason[256];
};

static struct err *context_new(const SSL_METHOD *method, struct tls_context **ret_context);
static struct err *openssl_error(const char *doing, const char *path);
static int choose_protocol(SSL *ssl, const unsigned char **ret_name, unsigned char *ret_len,
                           const unsigned char *offered, unsigned offered_len, void *arg);
static void expect_name(SSL *ssl, const char *name);
static int failure(struct tls *tls, int result);
static void keep_reason(struct tls *tls);
static void make_socket_method(void);

static BIO_METHOD *socket_method;
static pthread_once_t socket_method_once = PTHREAD_ONCE_INIT;

struct err *tls_context_new_server(const char *certificate, const char *key,
                                   struct tls_context **ret_context)
{
    autoptr(tls_context) context = NULL;
    struct err *e = context_new(TLS_server_method(), &context);

    if (e)
        return e;
    if (SSL_CTX_use_certificate_chain_file(context->ctx, certificate) != 1)
        return openssl_error("reading the certificate", certificate);
    if (SSL_CTX_use_PrivateKey_file(context->ctx, key, SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(context->ctx) != 1)
        return openssl_error("reading the key", key);

    /* Sessions live in tickets with the clients: nothing here grows with their number. */
    SSL_CTX_set_session_cache_mode(context->ctx, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_session_id_context(context->ctx, (const unsigned char *)"latchkey", 8);
    SSL_CTX_set_num_tickets(context->ctx, 1);
    SSL_CTX_set_alpn_select_cb(context->ctx, choose_protocol, NULL);
    /* The length of a message is known from HTTP; a missing goodbye proves nothing. */
    SSL_CTX_set_options(context->ctx, SSL_OP_CIPHER_SERVER_PREFERENCE |
                                          SSL_OP_PRIORITIZE_CHACHA |
                                          SSL_OP_IGNORE_UNEXPECTED_EOF);
    *ret_context = take_ptr(context);
    return NULL;
}

struct err *tls_context_new_client(const char *ca_file, struct tls_context **ret_context)
{
    autoptr(tls_context) context = NULL;
    struct err *e = context_new(TLS_client_method(), &context);

    if (e)
        return e;
    if (ca_file && SSL_CTX_load_verify_file(context->ctx, ca_file) != 1)
        return openssl_error("reading the trusted certificates", ca_file);
    if (!ca_file && SSL_CTX_set_default_verify_paths(context->ctx) != 1)
        return openssl_error("reading the trusted certificates", "of the system");
    /* A certificate that is trusted itself need not be an authority's. */
    X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context->ctx),
                                X509_V_FLAG_PARTIAL_CHAIN);
    SSL_CTX_set_verify(context->ctx, SSL_VERIFY_PEER, NULL);
    *ret_context = take_ptr(context);
    return NULL;
}

void tls_context_free(struct tls_context *context)
{
    if (!context)
        return;
    SSL_CTX_free(context->ctx);
    free(context);
}

struct tls *tls_new(struct tls_context *context, int sock, const char *server_name)
{
    struct tls *tls = xcalloc(1, sizeof(*tls));
    BIO *bio;

    pthread_once(&socket_method_once, make_socket_method);
    tls->sock = sock;
    tls->ssl = SSL_new(context->ctx);
    bio = BIO_new(socket_method);
    assert_msg(tls->ssl && bio, "no memory for a TLS connection");
    BIO_set_data(bio, tls);
    BIO_set_init(bio, 1);
    SSL_set_bio(tls->ssl, bio, bio);
    if (server_name) {
        expect_name(tls->ssl, server_name);
        SSL_set_connect_state(tls->ssl);
    } else {
        SSL_set_accept_state(tls->ssl);
    }
    return tls;
}

void tls_free(struct tls *tls)
{
    if (!tls)
        return;
    SSL_free(tls->ssl);
    free(tls);
}

int tls_handshake(struct tls *tls)
{
    int result;

    if (tls->is_dead)
        return -EPROTO;
    ERR_clear_error();
    result = SSL_do_handshake(tls->ssl);
    return result == 1 ? 0 : failure(tls, result);
}

ssize_t tls_read(struct tls *tls, void *data, size_t size)
{
    size_t n;
    int result;

    if (tls->is_dead)
        return -EPROTO;
    ERR_clear_error();
    result = SSL_read_ex(tls->ssl, data, size, &n);
    if (result == 1)
        return (ssize_t)n;
    if (SSL_get_error(tls->ssl, result) == SSL_ERROR_ZERO_RETURN)
        return 0;
    return failure(tls, result);
}

ssize_t tls_write(struct tls *tls, const void *data, size_t size)
{
    size_t n;
    int result;

    if (tls->is_dead)
        return -EPROTO;
    ERR_clear_error();
    result = SSL_write_ex(tls->ssl, data, size, &n);
    return result == 1 ? (ssize_t)n : failure(tls, result);
}

void tls_close(struct tls *tls)
{
    if (tls->is_dead || !SSL_is_init_finished(tls->ssl))
        return;
    ERR_clear_error();
    SSL_shutdown(tls->ssl);
    tls->is_dead = true;
}

short tls_wants(const struct tls *tls)
{
    return tls->wants;
}

bool tls_has_buffered(const struct tls *tls)
{
    return SSL_has_pending(tls->ssl);
}

const char *tls_reason(const struct tls *tls)
{
    return tls->reason;
}

const char *tls_version(const struct tls *tls)
{
    return SSL_get_version(tls->ssl);
}

static struct err *context_new(const SSL_METHOD *method, struct tls_context **ret_context)
{
    autoptr(tls_context) context = xcalloc(1, sizeof(*context));

    ERR_clear_error();
    context->ctx = SSL_CTX_new(method);
    if (!context->ctx || SSL_CTX_set_min_proto_version(context->ctx, TLS1_2_VERSION) != 1 ||
        SSL_CTX_set_cipher_list(context->ctx, CIPHERS) != 1 ||
        SSL_CTX_set1_groups_list(context->ctx, GROUPS) != 1)
        return openssl_error("setting up", "TLS");
    SSL_CTX_set_options(context->ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    /* An idle connection keeps no buffers: 34 KiB each otherwise. */
    SSL_CTX_set_mode(context->ctx, SSL_MODE_RELEASE_BUFFERS |
                                       SSL_MODE_ENABLE_PARTIAL_WRITE |
                                       SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    *ret_context = take_ptr(context);
    return NULL;
}

static struct err *openssl_error(const char *doing, const char *path)
{
    unsigned long code = ERR_peek_last_error();
    const char *reason = ERR_reason_error_string(code);
    struct err *e = err_new(ERR_INTERNAL_ERROR, "%s %s: %s", doing, path,
                            reason ? reason : "not usable");

    return err_param(e, doing);
}

/* ALPN: HTTP/1.1 or nothing; a client that offers other things may still speak it. */
static int choose_protocol(SSL *ssl, const unsigned char **ret_name, unsigned char *ret_len,
                           const unsigned char *offered, unsigned offered_len, void *arg)
{
    static const unsigned char ours[] = "\x08http/1.1";
    unsigned char *name;

    if (SSL_select_next_proto(&name, ret_len, ours, sizeof(ours) - 1, offered,
                              offered_len) != OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_NOACK;
    *ret_name = name;
    return SSL_TLSEXT_ERR_OK;
}

static void expect_name(SSL *ssl, const char *name)
{
    struct in6_addr bytes;
    bool is_number =
        inet_pton(AF_INET, name, &bytes) == 1 || inet_pton(AF_INET6, name, &bytes) == 1;
    int ok;

    if (is_number)
        ok = X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), name);
    else
        ok = SSL_set1_host(ssl, name) && SSL_set_tlsext_host_name(ssl, name);
    assert_msg(ok, "a TLS peer's name could not be set");
}

/* What a result that is no success means. */
static int failure(struct tls *tls, int result)
{
    int errnum = errno;

    switch (SSL_get_error(tls->ssl, result)) {
    case SSL_ERROR_WANT_READ:
        tls->wants = POLLIN;
        return -EAGAIN;
    case SSL_ERROR_WANT_WRITE:
        tls->wants = POLLOUT;
        return -EAGAIN;
    case SSL_ERROR_SYSCALL:
        tls->is_dead = true;
        return errnum ? -errnum : -ECONNRESET;
    default:
        tls->is_dead = true;
        keep_reason(tls);
        return -EPROTO;
    }
}

static void keep_reason(struct tls *tls)
{
    unsigned long code = ERR_peek_last_error();
    const char *reason = ERR_reason_error_string(code);
    long verdict = SSL_get_verify_result(tls->ssl);

    if (verdict != X509_V_OK)
        reason = X509_verify_cert_error_string(verdict);
    snprintf(tls->reason, sizeof(tls->reason), "%s", reason ? reason : "unknown");
}

/* OpenSSL's own socket BIO writes with write(), which raises SIGPIPE. */
static int socket_write(BIO *bio, const char *data, int size)
{
    struct tls *tls = BIO_get_data(bio);
    ssize_t n = send(tls->sock, data, (size_t)size, MSG_NOSIGNAL);

    BIO_clear_retry_flags(bio);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        BIO_set_retry_write(bio);
    return (int)n;
}

static int socket_read(BIO *bio, char *data, int size)
{
    struct tls *tls = BIO_get_data(bio);
    ssize_t n = recv(tls->sock, data, (size_t)size, 0);

    BIO_clear_retry_flags(bio);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        BIO_set_retry_read(bio);
    if (n == 0)
        BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
    return (int)n;
}

static long socket_control(BIO *bio, int command, long number, void *arg)
{
    switch (command) {
    case BIO_CTRL_FLUSH:
        return 1;
    case BIO_CTRL_EOF:
        return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0;
    default:
        return 0;
    }
}

static void make_socket_method(void)
{
    socket_method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket");
    assert_msg(socket_method && BIO_meth_set_write(socket_method, socket_write) &&
                   BIO_meth_set_read(socket_method, socket_read) &&
                   BIO_meth_set_ctrl(socket_method, socket_control),
               "no memory for TLS");
}
