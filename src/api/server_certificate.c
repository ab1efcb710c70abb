// SPDX-License-Identifier: GPL-2.0-or-later
/* The certificate a host shows: made anew, or given by somebody; and the end of the program
 * that shows it. */
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <unistd.h>

#include "api/bodies.h"
#include "api/certificate.h"
#include "api/host.h"
#include "api/pem.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/str.h"
#include "io/tls_certificate.h"
#include "rpc/manager.h"

#define LEAST_RSA_BITS 2048
#define MOST_RSA_BITS  8192

DEFINE_AUTOPTR(x509_st, X509_free)
DEFINE_AUTOPTR(evp_pkey_st, EVP_PKEY_free)
DEFINE_AUTOPTR(bio_st, BIO_free_all)

/* ---- a pair that is given ---- */

static struct err *check_key(const EVP_PKEY *key)
{
    int kind = EVP_PKEY_get_base_id(key), bits = EVP_PKEY_get_bits(key);
    char oid[80] = "";

    if (kind == EVP_PKEY_EC)
        return NULL;
    if (kind == EVP_PKEY_RSA && bits >= LEAST_RSA_BITS && bits <= MOST_RSA_BITS)
        return NULL;
    if (kind == EVP_PKEY_RSA)
        return err_paramf(
            err_params(ERR_SERVER_CERTIFICATE_KEY_RSA_LENGTH_NOT_SUPPORTED, NULL), "%d",
            bits);
    OBJ_obj2txt(oid, sizeof(oid), OBJ_nid2obj(kind), 1);
    return err_params(ERR_SERVER_CERTIFICATE_KEY_ALGORITHM_NOT_SUPPORTED, oid, NULL);
}

static struct err *check_signature(X509 *certificate)
{
    int digest = NID_undef;

    if (X509_get_signature_info(certificate, &digest, NULL, NULL, NULL) &&
        (digest == NID_sha256 || digest == NID_sha384 || digest == NID_sha512))
        return NULL;
    return err_params(ERR_SERVER_CERTIFICATE_SIGNATURE_NOT_SUPPORTED, NULL);
}

static struct err *check_times(const struct pem_facts *facts)
{
    int64_t now = clock_wall_seconds();
    char text[CLOCK_TEXT_LEN + 1], bound[CLOCK_TEXT_LEN + 1];
    bool early = now < facts->not_before;

    if (!early && now <= facts->not_after)
        return NULL;
    clock_to_text(now, text);
    clock_to_text(early ? facts->not_before : facts->not_after, bound);
    return err_params(early ? ERR_SERVER_CERTIFICATE_NOT_VALID_YET
                            : ERR_SERVER_CERTIFICATE_EXPIRED,
                      text, bound, NULL);
}

/* Certificates one behind the other, each the issuer of the one before. */
static struct err *check_chain(X509 *leaf, const char *chain)
{
    autoptr(bio_st) bio = BIO_new_mem_buf(chain, -1);
    autoptr(x509_st) before = NULL;
    X509 *below = leaf;
    bool good = bio != NULL, any = false;

    while (good) {
        X509 *next = PEM_read_bio_X509(bio, NULL, NULL, NULL);

        if (!next)
            break;
        any = true;
        good = X509_check_issued(next, below) == X509_V_OK;
        X509_free(take_ptr(before));
        before = below = next;
    }
    good = good && any && BIO_eof(bio);
    ERR_clear_error();
    return good ? NULL : err_params(ERR_SERVER_CERTIFICATE_CHAIN_INVALID, NULL);
}

/* Arguments: host, certificate, private_key, certificate_chain */
static struct err *check_pair(const struct call *call)
{
    const char *pem = arg_text(call, 1), *chain = arg_text(call, 3);
    autoptr(bio_st) key_bio = BIO_new_mem_buf(arg_text(call, 2), -1);
    autoptr(bio_st) bio = BIO_new_mem_buf(pem, -1);
    autoptr(evp_pkey_st) key =
        key_bio ? PEM_read_bio_PrivateKey(key_bio, NULL, NULL, (void *)"") : NULL;
    autoptr(x509_st) certificate = bio ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;
    struct pem_facts facts;
    struct err *e = NULL;

    ERR_clear_error();
    if (!key)
        return err_params(ERR_SERVER_CERTIFICATE_KEY_INVALID, NULL);
    e = check_key(key);
    if (!e && (!certificate || !pem_read_certificate(pem, &facts)))
        e = err_params(ERR_SERVER_CERTIFICATE_INVALID, NULL);
    if (!e)
        e = check_times(&facts);
    if (!e && X509_check_private_key(certificate, key) != 1)
        e = err_params(ERR_SERVER_CERTIFICATE_KEY_MISMATCH, NULL);
    if (!e)
        e = check_signature(certificate);
    if (!e && *chain)
        e = check_chain(certificate, chain);
    ERR_clear_error();
    return e;
}

/* ---- changing it ---- */

static struct err *open_state(const struct call *call, int *ret_dir)
{
    int dir = fd_open_dir(call->manager->config->state_dir, 0700);

    if (dir < 0)
        return err_errno(-dir, "opening the state folder");
    *ret_dir = dir;
    return NULL;
}

/* The program shows it and the row tells it. */
static struct err *show(struct call *call)
{
    struct manager *m = call->manager;
    struct err *e =
        m->process.show_certificate ? m->process.show_certificate(m->process.arg) : NULL;

    return e ? e : certificate_tell_own(m);
}

static struct err *remake(struct call *call)
{
    char hostname[256] = "localhost";
    autoclose int dir = -1;
    struct err *e = open_state(call, &dir);

    if (e)
        return e;
    gethostname(hostname, sizeof(hostname) - 1);
    e = tls_certificate_remake(dir, hostname);
    return e ? e : show(call);
}

static struct err *reset(struct call *call, struct val *ret_result UNUSED)
{
    struct err *e = host_need_this(call, arg_text(call, 0));

    return e ? e : remake(call);
}

static struct err *emergency_reset(struct call *call, struct val *ret_result UNUSED)
{
    return remake(call);
}

static struct err *install(struct call *call, struct val *ret_result UNUSED)
{
    autobuf pem = BUF_INIT;
    autoclose int dir = -1;
    struct err *e = host_need_this(call, arg_text(call, 0));

    if (!e)
        e = check_pair(call);
    if (!e)
        e = open_state(call, &dir);
    if (e)
        return e;
    buf_addf(&pem, "%s\n%s", arg_text(call, 1), arg_text(call, 3));
    e = tls_certificate_replace(dir, buf_str(&pem), arg_text(call, 2));
    return e ? e : show(call);
}

/* ---- the program ---- */

static struct err *end(struct call *call, bool start_again)
{
    struct manager *m = call->manager;

    if (!m->process.end)
        return err_params(ERR_NOT_IMPLEMENTED, call->method->wire_name, NULL);
    m->process.end(m->process.arg, start_again);
    return NULL;
}

static struct err *restart_agent(struct call *call, struct val *ret_result UNUSED)
{
    struct err *e = host_need_this(call, arg_text(call, 0));

    return e ? e : end(call, true);
}

static struct err *shutdown_agent(struct call *call, struct val *ret_result UNUSED)
{
    return end(call, false);
}

const struct body_def server_certificate_bodies[] = {
    {"host.reset_server_certificate", reset, BODY_NORMAL},
    {"host.refresh_server_certificate", reset, BODY_NORMAL},
    {"host.emergency_reset_server_certificate", emergency_reset, BODY_NORMAL},
    {"host.install_server_certificate", install, BODY_NORMAL},
    {"host.restart_agent", restart_agent, BODY_NORMAL},
    {"host.shutdown_agent", shutdown_agent, BODY_NORMAL},
    {0},
};
