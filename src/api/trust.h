// SPDX-License-Identifier: GPL-2.0-or-later
/* The files of what this pool trusts, in <state>/trust: ca/NAME.pem and pinned/NAME.pem for
 * certificates, crl/NAME.pem for revocation lists, and bundle.pem, the CAs in one file for
 * who connects elsewhere.  Names were checked by trust_name_is_good.  Any thread. */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/value.h"

struct manager_config;

enum trust_kind { TRUST_CA, TRUST_PINNED, TRUST_CRL };

/* Letters, digits, '.', '_', '-' and ':', not beginning with '.' or '-'; at most 128. */
bool trust_name_is_good(const char *name);
struct err *trust_write(const struct manager_config *config, enum trust_kind kind,
                        const char *name, const char *pem) MUST_CHECK;
/* Fine when it is not there. */
struct err *trust_remove(const struct manager_config *config, enum trust_kind kind,
                         const char *name) MUST_CHECK;
/* False when it is not there. */
bool trust_read(const struct manager_config *config, enum trust_kind kind, const char *name,
                struct buf *ret_pem);
/* Their names, sorted. */
struct val trust_list(const struct manager_config *config, enum trust_kind kind);
/* Makes bundle.pem anew. */
struct err *trust_bundle(const struct manager_config *config) MUST_CHECK;
