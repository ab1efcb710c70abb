// SPDX-License-Identifier: GPL-2.0-or-later
/* Certificates the pool trusts, and lists of revoked ones: a file (trust.h) and a row each.
 * The file is there before its row and goes after it. */
#include "api/certificate.h"

#include <fcntl.h>
#include <string.h>

#include "api/bodies.h"
#include "api/pem.h"
#include "api/trust.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "base/fd.h"
#include "io/tls_certificate.h"
#include "rpc/manager.h"

/* A certificate that is to be trusted. */
struct trusted {
    enum trust_kind kind;
    const char *name; /* of the file; of the row too when 'is_named' */
    bool is_named;
    const char *pem;
    const struct val *purpose; /* NULL: none */
    struct pem_facts facts;
};

static struct err *with_times(enum err_code code, int64_t bound)
{
    char now[CLOCK_TEXT_LEN + 1], then[CLOCK_TEXT_LEN + 1];

    clock_to_text(clock_wall_seconds(), now);
    clock_to_text(bound, then);
    return err_params(code, now, then, NULL);
}

/* How the checks of one family of messages call what they find. */
struct refusals {
    enum err_code invalid, early, late;
};
static const struct refusals of_ca = {ERR_CA_CERTIFICATE_INVALID,
                                      ERR_CA_CERTIFICATE_NOT_VALID_YET,
                                      ERR_CA_CERTIFICATE_EXPIRED};
static const struct refusals of_trusted = {ERR_TRUSTED_CERTIFICATE_INVALID,
                                           ERR_TRUSTED_CERTIFICATE_NOT_VALID_YET,
                                           ERR_TRUSTED_CERTIFICATE_EXPIRED};

static struct err *check_pem(const char *pem, const struct refusals *refusals,
                             struct pem_facts *ret_facts)
{
    int64_t now = clock_wall_seconds();

    if (!pem_read_certificate(pem, ret_facts))
        return err_params(refusals->invalid, NULL);
    if (now < ret_facts->not_before)
        return with_times(refusals->early, ret_facts->not_before);
    if (now > ret_facts->not_after)
        return with_times(refusals->late, ret_facts->not_after);
    return NULL;
}

/* ---- rows ---- */

static int type_of(enum trust_kind kind)
{
    return kind == TRUST_CA ? E_CERTIFICATE_TYPE_CA : E_CERTIFICATE_TYPE_PINNED;
}

static const struct row *find_row(struct txn *t, int type, int field, const char *text)
{
    size_t n;
    const struct row *const *rows = txn_list(t, CLASS_CERTIFICATE, &n);

    for (size_t i = 0; i < n; i++)
        if (row_int(rows[i], F_CERTIFICATE_TYPE) == type &&
            STREQ(row_text(rows[i], field), text))
            return rows[i];
    return NULL;
}

static struct err *check_new(struct txn *t, const struct trusted *c)
{
    if (c->is_named && find_row(t, type_of(c->kind), F_CERTIFICATE_NAME, c->name))
        return err_params(ERR_CERTIFICATE_ALREADY_EXISTS, c->name, NULL);
    if (!c->is_named &&
        find_row(t, type_of(c->kind), F_CERTIFICATE_FINGERPRINT_SHA256, c->facts.sha256))
        return err_params(ERR_TRUSTED_CERTIFICATE_ALREADY_EXISTS, c->facts.sha256, NULL);
    return NULL;
}

static void write_row(struct txn *t, const char *ref, const struct pem_facts *facts)
{
    txn_set(t, CLASS_CERTIFICATE, ref, F_CERTIFICATE_NOT_BEFORE,
            val_int(facts->not_before));
    txn_set(t, CLASS_CERTIFICATE, ref, F_CERTIFICATE_NOT_AFTER, val_int(facts->not_after));
    txn_set(t, CLASS_CERTIFICATE, ref, F_CERTIFICATE_FINGERPRINT, val_str(facts->sha256));
    txn_set(t, CLASS_CERTIFICATE, ref, F_CERTIFICATE_FINGERPRINT_SHA256,
            val_str(facts->sha256));
    txn_set(t, CLASS_CERTIFICATE, ref, F_CERTIFICATE_FINGERPRINT_SHA1,
            val_str(facts->sha1));
}

/* ---- this host's own ---- */

struct own {
    const char *host;
    bool is_there;
    struct pem_facts facts;
};

static struct err *own_txn(struct txn *t, void *arg)
{
    const struct own *own = arg;
    const struct row *old =
        find_row(t, E_CERTIFICATE_TYPE_HOST, F_CERTIFICATE_HOST, own->host);
    const char *ref = old ? row_ref(old) : NULL;

    if (!own->is_there) {
        if (ref)
            txn_delete(t, CLASS_CERTIFICATE, ref);
        return NULL;
    }
    if (!ref) {
        ref = txn_create(t, CLASS_CERTIFICATE);
        txn_set(t, CLASS_CERTIFICATE, ref, F_CERTIFICATE_TYPE,
                val_int(E_CERTIFICATE_TYPE_HOST));
        txn_set(t, CLASS_CERTIFICATE, ref, F_CERTIFICATE_HOST, val_str(own->host));
    }
    write_row(t, ref, &own->facts);
    return NULL;
}

struct err *certificate_tell_own(struct manager *m)
{
    autofree char *path = xasprintf("%s/%s", m->config->state_dir, TLS_CERTIFICATE_NAME);
    struct own own = {.host = m->self.host_ref};
    autobuf pem = BUF_INIT;

    own.is_there = fd_read_file(AT_FDCWD, path, PEM_MAX_SIZE, &pem) >= 0 &&
                   pem_read_first(buf_str(&pem), &own.facts);
    return db_run(m->db, own_txn, &own);
}

/* ---- what is trusted ---- */

static struct err *check_txn(struct txn *t, void *arg)
{
    return check_new(t, arg);
}

static struct err *add_txn(struct txn *t, void *arg)
{
    const struct trusted *c = arg;
    struct err *e = check_new(t, c);
    const char *ref;

    if (e)
        return e;
    ref = txn_create(t, CLASS_CERTIFICATE);
    txn_set(t, CLASS_CERTIFICATE, ref, F_CERTIFICATE_TYPE, val_int(type_of(c->kind)));
    txn_set(t, CLASS_CERTIFICATE, ref, F_CERTIFICATE_NAME,
            val_str(c->is_named ? c->name : ""));
    if (c->purpose)
        txn_set(t, CLASS_CERTIFICATE, ref, F_CERTIFICATE_PURPOSE, val_ref(c->purpose));
    write_row(t, ref, &c->facts);
    return NULL;
}

static struct err *install(struct call *call, struct trusted *c)
{
    const struct manager_config *config = call->manager->config;
    struct err *e = db_run(call->db, check_txn, c);

    if (!e)
        e = trust_write(config, c->kind, c->name, c->pem);
    if (e)
        return e;
    e = db_run(call->db, add_txn, c);
    if (e && err_code(e) != ERR_CERTIFICATE_ALREADY_EXISTS &&
        err_code(e) != ERR_TRUSTED_CERTIFICATE_ALREADY_EXISTS)
        err_ignore(trust_remove(config, c->kind, c->name), "its row was not written");
    return e ? e : trust_bundle(config);
}

/* ---- CAs by name ---- */

static struct err *install_ca(struct call *call, const char *name, const char *pem)
{
    struct trusted c = {.kind = TRUST_CA, .name = name, .is_named = true, .pem = pem};
    struct err *e = trust_name_is_good(name)
                        ? check_pem(pem, &of_ca, &c.facts)
                        : err_params(ERR_CERTIFICATE_NAME_INVALID, name, NULL);

    return e ? e : install(call, &c);
}

static struct err *install_ca_certificate(struct call *call, struct val *ret_result UNUSED)
{
    return install_ca(call, arg_text(call, 0), arg_text(call, 1));
}

static struct err *delete_named(struct txn *t, struct call *call,
                                struct val *ret_result UNUSED)
{
    const char *name = arg_text(call, 0);
    const struct row *row = find_row(t, E_CERTIFICATE_TYPE_CA, F_CERTIFICATE_NAME, name);

    if (!row)
        return err_params(ERR_CERTIFICATE_DOES_NOT_EXIST, name, NULL);
    txn_delete(t, CLASS_CERTIFICATE, row_ref(row));
    return NULL;
}

static struct err *uninstall_named(struct call *call, struct val *ret_result)
{
    const struct manager_config *config = call->manager->config;
    const char *name = arg_text(call, 0);
    bool force = call->method->n_params > 1 && arg_bool(call, 1);
    struct err *e;

    if (!trust_name_is_good(name))
        return err_params(ERR_CERTIFICATE_NAME_INVALID, name, NULL);
    e = call_in_txn(call, ret_result);
    if (e && force && err_code(e) == ERR_CERTIFICATE_DOES_NOT_EXIST) {
        err_free(e);
        e = NULL;
    }
    if (!e)
        e = trust_remove(config, TRUST_CA, name);
    return e ? e : trust_bundle(config);
}

static struct err *certificate_list(struct txn *t, struct call *call UNUSED,
                                    struct val *ret_result)
{
    size_t n;
    const struct row *const *rows = txn_list(t, CLASS_CERTIFICATE, &n);

    *ret_result = val_set(n);
    for (size_t i = 0; i < n; i++)
        if (row_int(rows[i], F_CERTIFICATE_TYPE) == E_CERTIFICATE_TYPE_CA &&
            *row_text(rows[i], F_CERTIFICATE_NAME))
            val_push(ret_result, val_ref(row_get(rows[i], F_CERTIFICATE_NAME)));
    return NULL;
}

/* There is no other host to copy to: what is made of the files here is made anew. */
static struct err *certificate_sync(struct call *call, struct val *ret_result UNUSED)
{
    return trust_bundle(call->manager->config);
}

/* ---- certificates by fingerprint ---- */

/* Arguments: pool, ca, cert, purpose */
static struct err *install_trusted(struct call *call, struct val *ret_result UNUSED)
{
    struct trusted c = {
        .kind = arg_bool(call, 1) ? TRUST_CA : TRUST_PINNED,
        .pem = arg_text(call, 2),
        .purpose = &call->args[3],
    };
    autoptr(row) pool = NULL;
    struct err *e = db_need(call->db, CLASS_POOL, arg_text(call, 0), &pool);

    if (!e)
        e = check_pem(c.pem, &of_trusted, &c.facts);
    /* A CA vouches for others; one that is pinned is trusted for something. */
    if (!e && c.kind == TRUST_PINNED && !val_count(c.purpose))
        e = err_params(ERR_CERTIFICATE_LACKS_PURPOSE, NULL);
    if (e)
        return e;
    c.name = c.facts.sha256;
    return install(call, &c);
}

static struct err *delete_trusted(struct txn *t, struct call *call,
                                  struct val *ret_result UNUSED)
{
    txn_delete(t, CLASS_CERTIFICATE, arg_text(call, 1));
    return NULL;
}

/* Arguments: pool, certificate */
static struct err *uninstall_trusted(struct call *call, struct val *ret_result)
{
    const struct manager_config *config = call->manager->config;
    enum trust_kind kind;
    autoptr(row) pool = NULL;
    autoptr(row) row = NULL;
    const char *name;
    struct err *e = db_need(call->db, CLASS_POOL, arg_text(call, 0), &pool);

    if (!e)
        e = db_need(call->db, CLASS_CERTIFICATE, arg_text(call, 1), &row);
    if (e)
        return e;
    if (row_int(row, F_CERTIFICATE_TYPE) != E_CERTIFICATE_TYPE_CA &&
        row_int(row, F_CERTIFICATE_TYPE) != E_CERTIFICATE_TYPE_PINNED)
        return err_params(ERR_NOT_TRUSTED_CERTIFICATE, row_ref(row), NULL);
    kind =
        row_int(row, F_CERTIFICATE_TYPE) == E_CERTIFICATE_TYPE_CA ? TRUST_CA : TRUST_PINNED;
    name = row_text(row, F_CERTIFICATE_NAME);
    e = call_in_txn(call, ret_result);
    if (!e)
        e = trust_remove(config, kind,
                         *name ? name : row_text(row, F_CERTIFICATE_FINGERPRINT_SHA256));
    return e ? e : trust_bundle(config);
}

/* ---- revocation lists ---- */

static struct err *check_crl_name(const char *name)
{
    return trust_name_is_good(name) ? NULL : err_params(ERR_CRL_NAME_INVALID, name, NULL);
}

static struct err *install_crl(struct call *call, const char *name, const char *text)
{
    autobuf old = BUF_INIT;
    struct err *e = check_crl_name(name);

    if (!e && trust_read(call->manager->config, TRUST_CRL, name, &old))
        e = err_params(ERR_CRL_ALREADY_EXISTS, name, NULL);
    if (!e && !pem_is_crl(text))
        e = err_params(ERR_CRL_CORRUPT, name, NULL);
    return e ? e : trust_write(call->manager->config, TRUST_CRL, name, text);
}

static struct err *crl_install(struct call *call, struct val *ret_result UNUSED)
{
    return install_crl(call, arg_text(call, 0), arg_text(call, 1));
}

static struct err *crl_uninstall(struct call *call, struct val *ret_result UNUSED)
{
    autobuf old = BUF_INIT;
    const char *name = arg_text(call, 0);
    struct err *e = check_crl_name(name);

    if (!e && !trust_read(call->manager->config, TRUST_CRL, name, &old))
        e = err_params(ERR_CRL_DOES_NOT_EXIST, name, NULL);
    return e ? e : trust_remove(call->manager->config, TRUST_CRL, name);
}

static struct err *crl_list(struct call *call, struct val *ret_result)
{
    *ret_result = trust_list(call->manager->config, TRUST_CRL);
    return NULL;
}

/* ---- what a host that joins brings and gets: name to text ---- */

static struct err *
import_each(struct call *call, const struct val *given, enum err_code known,
            struct err *(*one)(struct call *, const char *, const char *))
{
    for (size_t i = 0; i < val_count(given); i++) {
        struct err *e =
            one(call, val_text(val_key_at(given, i)), val_text(val_value_at(given, i)));

        if (e && err_code(e) != known)
            return e;
        err_free(e);
    }
    return NULL;
}

static struct err *export_file(struct call *call, enum trust_kind kind, const char *name,
                               struct val *out)
{
    autobuf text = BUF_INIT;

    if (!trust_name_is_good(name) || !trust_read(call->manager->config, kind, name, &text))
        return err_params(kind == TRUST_CRL ? ERR_CRL_DOES_NOT_EXIST
                                            : ERR_CERTIFICATE_DOES_NOT_EXIST,
                          name, NULL);
    val_put_str(out, name, val_str(buf_str(&text)));
    return NULL;
}

/* Arguments: import, export (Certificates) */
static struct err *exchange_cas(struct call *call, struct val *ret_result)
{
    const struct val *export = &call->args[1];
    autoval struct val out = val_map(val_count(export));
    struct err *e = NULL;

    for (size_t i = 0; !e && i < val_count(export); i++) {
        autoptr(row) row = NULL;

        e = db_need(call->db, CLASS_CERTIFICATE, val_text(val_at(export, i)), &row);
        if (!e)
            e = export_file(call, TRUST_CA, row_text(row, F_CERTIFICATE_NAME), &out);
    }
    if (!e)
        e = import_each(call, &call->args[0], ERR_CERTIFICATE_ALREADY_EXISTS, install_ca);
    if (!e)
        *ret_result = take_val(out);
    return e;
}

/* Arguments: pool, import, export (names) */
static struct err *exchange_crls(struct call *call, struct val *ret_result)
{
    const struct val *export = &call->args[2];
    autoval struct val out = val_map(val_count(export));
    autoptr(row) pool = NULL;
    struct err *e = db_need(call->db, CLASS_POOL, arg_text(call, 0), &pool);

    for (size_t i = 0; !e && i < val_count(export); i++)
        e = export_file(call, TRUST_CRL, val_text(val_at(export, i)), &out);
    if (!e)
        e = import_each(call, &call->args[1], ERR_CRL_ALREADY_EXISTS, install_crl);
    if (!e)
        *ret_result = take_val(out);
    return e;
}

const struct body_def certificate_bodies[] = {
    {"pool.install_ca_certificate", install_ca_certificate, BODY_NORMAL},
    {"pool.uninstall_ca_certificate", uninstall_named, BODY_NORMAL, delete_named},
    {"pool.certificate_install", install_ca_certificate, BODY_NORMAL},
    {"pool.certificate_uninstall", uninstall_named, BODY_NORMAL, delete_named},
    {"pool.certificate_list", IN_TXN(certificate_list)},
    {"pool.certificate_sync", certificate_sync, BODY_NORMAL},
    {"pool.install_trusted_certificate", install_trusted, BODY_NORMAL},
    {"pool.uninstall_trusted_certificate", uninstall_trusted, BODY_NORMAL, delete_trusted},
    {"pool.crl_install", crl_install, BODY_NORMAL},
    {"pool.crl_uninstall", crl_uninstall, BODY_NORMAL},
    {"pool.crl_list", crl_list, BODY_NORMAL},
    {"pool.exchange_ca_certificates_on_join", exchange_cas, BODY_NORMAL},
    {"pool.exchange_crls_on_join", exchange_crls, BODY_NORMAL},
    {0},
};
