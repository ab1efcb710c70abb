// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/pem.h"

#include <ctype.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"

DEFINE_AUTOPTR(x509_st, X509_free)
DEFINE_AUTOPTR(X509_crl_st, X509_CRL_free)
DEFINE_AUTOPTR(bio_st, BIO_free_all)

static bool seconds_of(const ASN1_TIME *when, int64_t *ret_seconds)
{
    struct tm tm;

    if (!ASN1_TIME_to_tm(when, &tm))
        return false;
    *ret_seconds = (int64_t)timegm(&tm);
    return true;
}

static bool fingerprint(const X509 *certificate, const EVP_MD *kind, char *ret_text)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size;

    if (!X509_digest(certificate, kind, digest, &size))
        return false;
    for (unsigned i = 0; i < size; i++)
        snprintf(ret_text + 3 * i, 4, "%02X%s", digest[i], i + 1 < size ? ":" : "");
    return true;
}

static bool read_one(BIO *bio, struct pem_facts *ret_facts)
{
    autoptr(x509_st) certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL);

    return certificate &&
           seconds_of(X509_get0_notBefore(certificate), &ret_facts->not_before) &&
           seconds_of(X509_get0_notAfter(certificate), &ret_facts->not_after) &&
           fingerprint(certificate, EVP_sha256(), ret_facts->sha256) &&
           fingerprint(certificate, EVP_sha1(), ret_facts->sha1);
}

bool pem_read_first(const char *text, struct pem_facts *ret_facts)
{
    size_t size = strlen(text);
    autoptr(bio_st) bio = size <= PEM_MAX_SIZE ? BIO_new_mem_buf(text, (int)size) : NULL;
    bool good = bio && read_one(bio, ret_facts);

    ERR_clear_error();
    return good;
}

bool pem_read_certificate(const char *text, struct pem_facts *ret_facts)
{
    static const char end[] = "-----END CERTIFICATE-----";
    const char *at = strstr(text, end);

    if (!at || !pem_read_first(text, ret_facts))
        return false;
    for (at += strlen(end); *at; at++)
        if (!isspace((unsigned char)*at))
            return false;
    return true;
}

bool pem_is_crl(const char *text)
{
    size_t size = strlen(text);
    autoptr(bio_st) bio = size <= PEM_MAX_SIZE ? BIO_new_mem_buf(text, (int)size) : NULL;
    autoptr(X509_crl_st) crl = bio ? PEM_read_bio_X509_CRL(bio, NULL, NULL, NULL) : NULL;

    ERR_clear_error();
    return crl;
}
