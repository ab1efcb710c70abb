// SPDX-License-Identifier: GPL-2.0-or-later
/* Where updates would come from: repositories, the pool's choice of them, a proxy, a
 * schedule.  Nothing is fetched here, and what asks for that is refused. */
#include <string.h>

#include "api/bodies.h"
#include "api/setter.h"
#include "base/str.h"
#include "rpc/generated.h"

static bool is_web_url(const char *text)
{
    const char *rest = NULL;

    if (str_has_prefix(text, "https://"))
        rest = text + strlen("https://");
    else if (str_has_prefix(text, "http://"))
        rest = text + strlen("http://");
    return rest && *rest && *rest != '/' && !strpbrk(text, " \t\n");
}

/* ---- repositories ---- */

/* A file's name alone: it is looked for where the keys lie. */
static struct err *check_key_path(const char *path)
{
    if (path[0] != '.' && !strchr(path, '/') && strlen(path) <= 255)
        return NULL;
    return err_params(ERR_INVALID_GPGKEY_PATH, path, NULL);
}

static struct err *key_path(struct txn *t UNUSED, const struct row *row UNUSED,
                            const struct call *call)
{
    return check_key_path(arg_text(call, 1));
}

static struct err *check_unknown(struct txn *t, const char *name, const char *binary_url)
{
    size_t n;
    const struct row *const *rows = txn_list(t, CLASS_REPOSITORY, &n);

    for (size_t i = 0; i < n; i++)
        if (STREQ(row_text(rows[i], F_REPOSITORY_NAME_LABEL), name) ||
            STREQ(row_text(rows[i], F_REPOSITORY_BINARY_URL), binary_url))
            return err_params(ERR_REPOSITORY_ALREADY_EXISTS, row_ref(rows[i]), NULL);
    return NULL;
}

/* Arguments: name_label, name_description, binary_url, source_url, update, gpgkey_path */
static struct err *introduce(struct txn *t, struct call *call, struct val *ret_result)
{
    static const int fields[] = {
        F_REPOSITORY_NAME_LABEL, F_REPOSITORY_NAME_DESCRIPTION, F_REPOSITORY_BINARY_URL,
        F_REPOSITORY_SOURCE_URL, F_REPOSITORY_UPDATE,           F_REPOSITORY_GPGKEY_PATH,
    };
    const char *binary_url = arg_text(call, 2), *source_url = arg_text(call, 3), *ref;
    struct err *e = check_unknown(t, arg_text(call, 0), binary_url);

    if (!e && !is_web_url(binary_url))
        e = err_params(ERR_INVALID_BASE_URL, binary_url, NULL);
    if (!e && *source_url && !is_web_url(source_url))
        e = err_params(ERR_INVALID_BASE_URL, source_url, NULL);
    if (!e)
        e = check_key_path(arg_text(call, 5));
    if (e)
        return e;
    ref = txn_create(t, CLASS_REPOSITORY);
    for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
        txn_set(t, CLASS_REPOSITORY, ref, fields[i], val_ref(&call->args[i]));
    *ret_result = val_str(ref);
    return NULL;
}

static bool is_in_use(struct txn *t, const char *repository)
{
    size_t n;
    const struct row *const *pools = txn_list(t, CLASS_POOL, &n);

    for (size_t i = 0; i < n; i++)
        if (val_set_has(row_get(pools[i], F_POOL_REPOSITORIES), repository))
            return true;
    return false;
}

static struct err *forget(struct txn *t, struct call *call, struct val *ret_result UNUSED)
{
    const char *ref = arg_text(call, 0);
    const struct row *repository;
    struct err *e = txn_need(t, CLASS_REPOSITORY, ref, &repository);

    if (!e && is_in_use(t, ref))
        e = err_params(ERR_REPOSITORY_IS_IN_USE, NULL);
    if (!e)
        txn_delete(t, CLASS_REPOSITORY, ref);
    return e;
}

/* ---- which of them the pool uses ---- */

/* At most one of the repositories may be the one of updates. */
static struct err *one_of_updates(struct txn *t, const struct val *old,
                                  const struct val *given)
{
    size_t n_updates = 0;

    for (size_t i = 0; i < val_count(old) + val_count(given); i++) {
        const char *ref = val_text(i < val_count(old) ? val_at(old, i)
                                                      : val_at(given, i - val_count(old)));
        const struct row *row = txn_get(t, CLASS_REPOSITORY, ref);

        n_updates += row && row_bool(row, F_REPOSITORY_UPDATE);
    }
    return n_updates > 1 ? err_params(ERR_MULTIPLE_UPDATE_REPOSITORIES_ENABLED, NULL)
                         : NULL;
}

static struct err *set_is_sound(struct txn *t, const struct row *pool UNUSED,
                                const struct call *call)
{
    autoval struct val none = val_set(0);

    return one_of_updates(t, &none, &call->args[1]);
}

static struct err *addition_is_sound(struct txn *t, const struct row *pool,
                                     const struct call *call)
{
    const struct val *old = row_get(pool, F_POOL_REPOSITORIES);
    autoval struct val added = val_set(1);

    if (!val_set_has(old, arg_text(call, 1)))
        val_push(&added, val_ref(&call->args[1]));
    return one_of_updates(t, old, &added);
}

/* ---- the proxy on the way there ---- */

static void drop_password(struct txn *t, const struct row *pool)
{
    const char *secret = row_text(pool, F_POOL_REPOSITORY_PROXY_PASSWORD);

    if (txn_get(t, CLASS_SECRET, secret))
        txn_delete(t, CLASS_SECRET, secret);
}

static const char *keep_password(struct txn *t, const char *password)
{
    const char *secret;

    if (!*password)
        return NULL_REF;
    secret = txn_create(t, CLASS_SECRET);
    txn_set(t, CLASS_SECRET, secret, F_SECRET_VALUE, val_str(password));
    return secret;
}

static void write_proxy(struct txn *t, const struct row *pool, const char *url,
                        const char *user, const char *password)
{
    const char *ref = row_ref(pool);

    drop_password(t, pool);
    txn_set(t, CLASS_POOL, ref, F_POOL_REPOSITORY_PROXY_URL, val_str(url));
    txn_set(t, CLASS_POOL, ref, F_POOL_REPOSITORY_PROXY_USERNAME, val_str(user));
    txn_set(t, CLASS_POOL, ref, F_POOL_REPOSITORY_PROXY_PASSWORD,
            val_str(keep_password(t, password)));
}

/* Arguments: pool, url, username, password */
static struct err *configure_proxy(struct txn *t, struct call *call,
                                   struct val *ret_result UNUSED)
{
    const char *url = arg_text(call, 1), *user = arg_text(call, 2),
               *password = arg_text(call, 3);
    const struct row *pool;
    struct err *e = txn_need(t, CLASS_POOL, arg_text(call, 0), &pool);

    if (!e && !is_web_url(url))
        e = err_params(ERR_INVALID_REPOSITORY_PROXY_URL, url, NULL);
    if (!e && (!*user != !*password || strpbrk(user, "\n:") || strchr(password, '\n')))
        e = err_params(ERR_INVALID_REPOSITORY_PROXY_CREDENTIAL, NULL);
    if (!e)
        write_proxy(t, pool, url, user, password);
    return e;
}

static struct err *disable_proxy(struct txn *t, struct call *call,
                                 struct val *ret_result UNUSED)
{
    const struct row *pool;
    struct err *e = txn_need(t, CLASS_POOL, arg_text(call, 0), &pool);

    if (!e)
        write_proxy(t, pool, "", "", "");
    return e;
}

/* ---- when ---- */

/* Arguments: pool, frequency, day: 0 for daily, 0 (Sunday) to 6 for weekly. */
static struct err *configure_sync(struct txn *t, struct call *call,
                                  struct val *ret_result UNUSED)
{
    const char *ref = arg_text(call, 0);
    int64_t day = arg_int(call, 2),
            last = arg_int(call, 1) == E_UPDATE_SYNC_FREQUENCY_DAILY ? 0 : 6;
    const struct row *pool;
    struct err *e = txn_need(t, CLASS_POOL, ref, &pool);

    if (!e && (day < 0 || day > last))
        e = err_paramf(err_params(ERR_INVALID_UPDATE_SYNC_DAY, NULL), "%lld",
                       (long long)day);
    if (e)
        return e;
    txn_set(t, CLASS_POOL, ref, F_POOL_UPDATE_SYNC_FREQUENCY, val_ref(&call->args[1]));
    txn_set(t, CLASS_POOL, ref, F_POOL_UPDATE_SYNC_DAY, val_int(day));
    return NULL;
}

static struct err *only_off(struct txn *t UNUSED, const struct row *pool,
                            const struct call *call)
{
    if (!arg_bool(call, 1))
        return NULL;
    if (!val_count(row_get(pool, F_POOL_REPOSITORIES)))
        return err_params(ERR_NO_REPOSITORIES_CONFIGURED, NULL);
    return err_params(ERR_CAN_NOT_PERIODIC_SYNC_UPDATES, NULL);
}

static struct err *sync_updates(struct txn *t, struct call *call,
                                struct val *ret_result UNUSED)
{
    const struct row *pool;
    struct err *e = txn_need(t, CLASS_POOL, arg_text(call, 0), &pool);

    if (!e && !val_count(row_get(pool, F_POOL_REPOSITORIES)))
        e = err_params(ERR_NO_REPOSITORIES_CONFIGURED, NULL);
    return e ? e : err_params(ERR_CAN_NOT_SYNC_UPDATES, NULL);
}

const struct body_def repository_bodies[] = {
    {"Repository.introduce", IN_TXN(introduce)},
    {"Repository.forget", IN_TXN(forget)},
    {"Repository.set_gpgkey_path", SETTER(setter_set, .check = key_path)},
    {"pool.set_repositories", SETTER(setter_set, .check = set_is_sound)},
    {"pool.add_repository",
     SETTER(setter_add, .field = F_POOL_REPOSITORIES, .check = addition_is_sound)},
    {"pool.remove_repository", SETTER(setter_remove, .field = F_POOL_REPOSITORIES)},
    {"pool.configure_repository_proxy", IN_TXN(configure_proxy)},
    {"pool.disable_repository_proxy", IN_TXN(disable_proxy)},
    {"pool.configure_update_sync", IN_TXN(configure_sync)},
    {"pool.set_update_sync_enabled", SETTER(setter_set, .check = only_off)},
    {"pool.sync_updates", IN_TXN(sync_updates)},
    {0},
};
