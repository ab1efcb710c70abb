// SPDX-License-Identifier: GPL-2.0-or-later
/* Certificates and revocation lists that clients hand in. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "api/pem.h"
#include "base/alloc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    autofree char *text = xstrndup((const char *)data, size);
    struct pem_facts facts;

    /* One certificate alone is also the first of its text. */
    if (pem_read_certificate(text, &facts) && !pem_read_first(text, &facts))
        abort();
    if (pem_read_first(text, &facts) &&
        (strlen(facts.sha256) != 95 || strlen(facts.sha1) != 59))
        abort();
    (void)pem_is_crl(text);
    return 0;
}
