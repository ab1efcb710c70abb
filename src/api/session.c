// SPDX-License-Identifier: GPL-2.0-or-later
#include "rpc/session.h"

#include <string.h>

#include "api/bodies.h"
#include "base/log.h"
#include "rpc/auth.h"
#include "rpc/dispatch.h"
#include "rpc/manager.h"

static struct err *open_session(struct call *call, const char *user, const char *originator,
                                const struct auth_result *auth, struct val *ret_result)
{
    struct session_spec spec = {
        .user_name = user,
        .user_sid = auth->is_local_superuser ? "" : user,
        .originator = originator,
        .source = call->caller->source,
        .roles = auth->roles,
        .is_local_superuser = auth->is_local_superuser,
    };
    char ref[REF_LEN + 1];
    struct err *e = sessions_open(call->manager->sessions, &spec, ref);

    if (e)
        return e;
    log_info(API, "%s logged in from %s", user, call->caller->source);
    *ret_result = val_str(ref);
    return NULL;
}

/* Checks a password and tells the back-off how it went. */
static struct err *check_password(struct call *call, const char *user, const char *password,
                                  struct auth_result *ret_auth)
{
    struct err *e = auth_check(call->manager->config, user, password, ret_auth);

    if (!e)
        rpc_login_succeeded(call, user);
    else if (err_code(e) == ERR_SESSION_AUTHENTICATION_FAILED)
        rpc_login_failed(call, user);
    return e;
}

static struct err *login_with_password(struct call *call, struct val *ret_result)
{
    const char *user = arg_text(call, 0);
    struct auth_result auth = {.is_local_superuser = true};
    struct err *e;

    if (call->caller->is_local_superuser)
        return open_session(call, "root", arg_text(call, 3), &auth, ret_result);
    e = check_password(call, user, arg_text(call, 1), &auth);
    if (e)
        return e;
    if (!auth.is_local_superuser && !auth.roles)
        return err_params(ERR_SESSION_AUTHORIZATION_FAILED, user,
                          "The user has no role in this pool.", NULL);
    return open_session(call, user, arg_text(call, 3), &auth, ret_result);
}

/* For a host that is on its own: the superuser alone, with the host's own password. */
static struct err *slave_local_login_with_password(struct call *call,
                                                   struct val *ret_result)
{
    const char *user = arg_text(call, 0);
    struct auth_result auth = {.is_local_superuser = true};
    struct err *e = NULL;

    if (!call->caller->is_local_superuser)
        e = check_password(call, user, arg_text(call, 1), &auth);
    if (!e && !auth.is_local_superuser)
        e = err_params(ERR_USER_IS_NOT_LOCAL_SUPERUSER,
                       "Only the host's superuser logs in to the host alone", NULL);
    return e ? e : open_session(call, user, "", &auth, ret_result);
}

static struct err *logout(struct call *call, struct val *ret_result)
{
    sessions_close(call->manager->sessions, call->caller->session_ref);
    return NULL;
}

static struct err *change_password(struct call *call, struct val *ret_result)
{
    const char *user = call->caller->user_name;
    struct auth_result auth;
    struct err *e = check_password(call, user, arg_text(call, 0), &auth);

    if (!e)
        e = auth_change(call->manager->config, user, arg_text(call, 1));
    return e;
}

static struct err *get_all_subject_identifiers(struct call *call, struct val *ret_result)
{
    *ret_result = sessions_user_sids(call->manager->sessions);
    return NULL;
}

static struct err *logout_subject_identifier(struct call *call, struct val *ret_result)
{
    sessions_close_user(call->manager->sessions, arg_text(call, 0),
                        call->caller->session_ref);
    return NULL;
}

const struct body_def session_bodies[] = {
    {"session.login_with_password", login_with_password, BODY_LOGIN},
    {"session.slave_local_login_with_password", slave_local_login_with_password,
     BODY_LOGIN},
    {"session.logout", logout, BODY_PRIORITY},
    {"session.local_logout", logout, BODY_PRIORITY},
    {"session.change_password", change_password, BODY_LOGIN},
    {"session.get_all_subject_identifiers", get_all_subject_identifiers, BODY_INLINE},
    {"session.logout_subject_identifier", logout_subject_identifier, BODY_PRIORITY},
    {0},
};
