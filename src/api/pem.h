// SPDX-License-Identifier: GPL-2.0-or-later
/* Certificates and revocation lists as text (OpenSSL).  No state; any thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PEM_MAX_SIZE (256u << 10)

/* What a certificate says of itself. */
struct pem_facts {
    int64_t not_before, not_after; /* seconds since 1970 */
    char sha256[96], sha1[60];     /* "AB:CD:...", upper case */
};

/* Exactly one certificate, and nothing else behind it: false for anything else. */
bool pem_read_certificate(const char *text, struct pem_facts *ret_facts);
/* The first certificate of a file with a chain. */
bool pem_read_first(const char *text, struct pem_facts *ret_facts);
bool pem_is_crl(const char *text);
