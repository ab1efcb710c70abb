// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/tls_certificate.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fd.h"
#include "base/rand.h"

#define DAY_SECONDS  (24L * 60 * 60)
#define MAX_NAME_LEN 64 /* of a common name: RFC 5280, ub-common-name */

DEFINE_AUTOPTR(evp_pkey_st, EVP_PKEY_free)
DEFINE_AUTOPTR(x509_st, X509_free)
DEFINE_AUTOPTR(bio_st, BIO_free_all)

static bool fill(X509 *certificate, EVP_PKEY *key, const char *hostname);
static bool set_serial(X509 *certificate);
static bool add_extension(X509 *certificate, int nid, const char *value);
static bool is_host_name(const char *text);
static struct err *write_pem(int dir_fd, const char *name, BIO *pem);
static struct err *openssl_error(const char *doing);

struct err *tls_certificate_make(int dir_fd, const char *hostname)
{
    autoptr(evp_pkey_st) key = NULL;
    autoptr(x509_st) certificate = NULL;
    autoptr(bio_st) key_pem = NULL;
    autoptr(bio_st) certificate_pem = NULL;
    struct err *e;

    /* The certificate is written last, so where it is, its key is. */
    if (faccessat(dir_fd, TLS_CERTIFICATE_NAME, F_OK, 0) == 0)
        return NULL;
    ERR_clear_error();
    key = EVP_EC_gen("P-256");
    certificate = X509_new();
    key_pem = BIO_new(BIO_s_secmem());
    certificate_pem = BIO_new(BIO_s_mem());
    if (!key || !certificate || !key_pem || !certificate_pem)
        return openssl_error("making a key");
    if (!fill(certificate, key, hostname) || !X509_sign(certificate, key, EVP_sha256()))
        return openssl_error("making a certificate");
    if (!PEM_write_bio_PrivateKey(key_pem, key, NULL, NULL, 0, NULL, NULL) ||
        !PEM_write_bio_X509(certificate_pem, certificate))
        return openssl_error("writing a certificate");

    e = write_pem(dir_fd, TLS_KEY_NAME, key_pem);
    if (!e)
        e = write_pem(dir_fd, TLS_CERTIFICATE_NAME, certificate_pem);
    return e;
}

/* No certificate: from now on a start would make a new pair. */
static struct err *remove_certificate(int dir_fd)
{
    if (unlinkat(dir_fd, TLS_CERTIFICATE_NAME, 0) < 0 && errno != ENOENT)
        return err_errno(errno, "removing " TLS_CERTIFICATE_NAME);
    /* Before the key changes, on disk too. */
    if (fsync(dir_fd) < 0)
        return err_errno(errno, "removing " TLS_CERTIFICATE_NAME);
    return NULL;
}

struct err *tls_certificate_remake(int dir_fd, const char *hostname)
{
    struct err *e = remove_certificate(dir_fd);

    return e ? e : tls_certificate_make(dir_fd, hostname);
}

struct err *tls_certificate_replace(int dir_fd, const char *certificate, const char *key)
{
    struct err *e = remove_certificate(dir_fd);
    int r = e ? 0 : fd_replace_file(dir_fd, TLS_KEY_NAME, key, strlen(key), 0600);

    if (!e && r >= 0)
        r = fd_replace_file(dir_fd, TLS_CERTIFICATE_NAME, certificate, strlen(certificate),
                            0600);
    return r < 0 ? err_errno(-r, "writing a certificate and its key") : e;
}

static bool fill(X509 *certificate, EVP_PKEY *key, const char *hostname)
{
    X509_NAME *name = X509_get_subject_name(certificate);
    bool has_name = is_host_name(hostname);
    const char *common =
        has_name && strlen(hostname) <= MAX_NAME_LEN ? hostname : "localhost";
    autofree char *names = xasprintf("DNS:localhost,IP:127.0.0.1,IP:::1%s%s",
                                     has_name ? ",DNS:" : "", has_name ? hostname : "");

    return X509_set_version(certificate, X509_VERSION_3) && set_serial(certificate) &&
           /* A day back: clocks of clients, and this one before it was set. */
           X509_gmtime_adj(X509_getm_notBefore(certificate), -DAY_SECONDS) &&
           X509_time_adj_ex(X509_getm_notAfter(certificate), 3650, 0, NULL) &&
           X509_set_pubkey(certificate, key) &&
           X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                                      (const unsigned char *)common, -1, -1, 0) &&
           X509_set_issuer_name(certificate, name) &&
           add_extension(certificate, NID_basic_constraints, "critical,CA:FALSE") &&
           add_extension(certificate, NID_key_usage, "critical,digitalSignature") &&
           add_extension(certificate, NID_ext_key_usage, "serverAuth,clientAuth") &&
           add_extension(certificate, NID_subject_key_identifier, "hash") &&
           add_extension(certificate, NID_authority_key_identifier, "keyid") &&
           add_extension(certificate, NID_subject_alt_name, names);
}

static bool set_serial(X509 *certificate)
{
    unsigned char bytes[16];
    BIGNUM *number;
    bool ok;

    rand_bytes(bytes, sizeof(bytes));
    bytes[0] = (bytes[0] & 0x3f) | 0x40; /* positive, and always of the same length */
    number = BN_bin2bn(bytes, sizeof(bytes), NULL);
    ok = number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate));
    BN_free(number);
    return ok;
}

static bool add_extension(X509 *certificate, int nid, const char *value)
{
    X509V3_CTX context;
    X509_EXTENSION *extension;
    bool ok;

    X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
    extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    ok = extension && X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
    return ok;
}

/* Letters, digits, dots and hyphens: what may stand in an extension's text unquoted. */
static bool is_host_name(const char *text)
{
    size_t len = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                              "0123456789.-");

    return len > 0 && len <= 253 && text[len] == '\0' && !STREQ(text, "localhost");
}

static struct err *write_pem(int dir_fd, const char *name, BIO *pem)
{
    char *data;
    long size = BIO_get_mem_data(pem, &data);
    int r = fd_replace_file(dir_fd, name, data, (size_t)size, 0600);

    return r < 0 ? err_errno(-r, "writing %s", name) : NULL;
}

static struct err *openssl_error(const char *doing)
{
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());

    return err_param(
        err_new(ERR_INTERNAL_ERROR, "%s: %s", doing, reason ? reason : "not possible"),
        doing);
}
