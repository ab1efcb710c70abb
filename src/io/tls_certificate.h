// SPDX-License-Identifier: GPL-2.0-or-later
/* The certificate a host makes for itself at first start.  No state; any thread. */
#pragma once

#include "base/err.h"

#define TLS_CERTIFICATE_NAME "cert.pem"
#define TLS_KEY_NAME         "key.pem"

/* Makes sure that directory 'dir_fd' holds a certificate and its key, both mode 0600: those
 * that are there stay; otherwise a new P-256 key and a certificate signed by itself for
 * localhost, 127.0.0.1, ::1 and 'hostname', good for ten years.  A power cut leaves none or
 * a pair that fits. */
struct err *tls_certificate_make(int dir_fd, const char *hostname) MUST_CHECK;
/* The same, in the place of those that are there. */
struct err *tls_certificate_remake(int dir_fd, const char *hostname) MUST_CHECK;
/* Puts this pair (PEM) there.  A power cut leaves the old one, the new one, or none. */
struct err *tls_certificate_replace(int dir_fd, const char *certificate,
                                    const char *key) MUST_CHECK;
