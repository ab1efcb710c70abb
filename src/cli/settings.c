// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/settings.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/fd.h"
#include "base/str.h"
#include "cli/fail.h"

#define MAX_RC_SIZE (64u << 10)

enum option {
    OPT_SERVER,
    OPT_PORT,
    OPT_USER,
    OPT_PASSWORD,
    OPT_PASSWORD_FILE,
    OPT_CA_FILE,
    OPT_NO_TLS,
    OPT_DEBUG,
    OPT_VERSION,
    OPT_IGNORED, /* taken for the sake of scripts, without effect */
};

/* 'word' on the command line, 'key' in a file of settings (NULL: not there). */
static const struct option_row {
    const char *word, *key;
    enum option option;
    bool has_value;
} option_rows[] = {
    {"-s", "server", OPT_SERVER, true},
    {"-h", NULL, OPT_SERVER, true},
    {"-p", "port", OPT_PORT, true},
    {"-u", "username", OPT_USER, true},
    {"-pw", "password", OPT_PASSWORD, true},
    {"-pwf", "passwordfile", OPT_PASSWORD_FILE, true},
    {"--cacert", "cacert", OPT_CA_FILE, true},
    {"--nossl", "nossl", OPT_NO_TLS, false},
    {"--debug", "debug", OPT_DEBUG, false},
    {"--debug-on-fail", "debugonfail", OPT_IGNORED, false},
    {"--traceparent", "traceparent", OPT_IGNORED, true},
    {"-version", NULL, OPT_VERSION, false},
    {"--version", NULL, OPT_VERSION, false},
};

void settings_fini(struct settings *settings)
{
    free(settings->server);
    free(settings->port);
    free(settings->user);
    if (settings->password)
        str_wipe(settings->password, strlen(settings->password));
    free(settings->password);
    free(settings->ca_file);
    memset(settings, 0, sizeof(*settings));
}

/* The first to say something is heard: sources are read by falling rank. */
static void fill(char **place, const char *value)
{
    if (!*place)
        *place = xstrdup(value);
}

/* A line of password, or a line of user and one of password. */
static struct err *read_password_file(struct settings *settings, const char *path)
{
    autobuf text = BUF_INIT;
    int r = fd_read_file(AT_FDCWD, path, MAX_RC_SIZE, &text);
    char *line, *next;

    if (r < 0)
        return fail("reading the password file %s: %s", path, strerrordesc_np(-r));
    line = text.data ? text.data : (char *)"";
    next = strchr(line, '\n');
    if (next)
        *next++ = '\0';
    if (next && *next) {
        fill(&settings->user, line);
        line = next;
        line[strcspn(line, "\n")] = '\0';
    }
    fill(&settings->password, line);
    str_wipe(text.data, text.size);
    return NULL;
}

static struct err *apply(struct settings *settings, enum option option, const char *value)
{
    switch (option) {
    case OPT_SERVER:
        fill(&settings->server, value);
        break;
    case OPT_PORT:
        fill(&settings->port, value);
        break;
    case OPT_USER:
        fill(&settings->user, value);
        break;
    case OPT_PASSWORD:
        fill(&settings->password, value);
        break;
    case OPT_PASSWORD_FILE:
        return read_password_file(settings, value);
    case OPT_CA_FILE:
        fill(&settings->ca_file, value);
        break;
    case OPT_NO_TLS:
        settings->no_tls = true;
        break;
    case OPT_DEBUG:
        settings->debug = true;
        break;
    case OPT_VERSION:
        settings->version = true;
        break;
    case OPT_IGNORED:
        break;
    }
    return NULL;
}

static const struct option_row *row_by_word(const char *word)
{
    for (size_t i = 0; i < ARRAY_SIZE(option_rows); i++)
        if (STREQ(option_rows[i].word, word))
            return &option_rows[i];
    return NULL;
}

static const struct option_row *row_by_key(const char *key)
{
    for (size_t i = 0; i < ARRAY_SIZE(option_rows); i++)
        if (option_rows[i].key && strcasecmp(option_rows[i].key, key) == 0)
            return &option_rows[i];
    return NULL;
}

static struct err *parse_words(struct settings *settings, int argc, char **argv,
                               struct args *args)
{
    for (int i = 1; i < argc; i++) {
        const struct option_row *row = row_by_word(argv[i]);
        struct err *e;

        if (!row) {
            args_add(args, argv[i]);
            continue;
        }
        if (row->has_value && i + 1 == argc)
            return fail_usage("Syntax error: %s needs a value", argv[i]);
        e = apply(settings, row->option, row->has_value ? argv[++i] : "");
        if (e)
            return e;
    }
    return NULL;
}

/* One "key=value" of a file or of XE_EXTRA_ARGS: an option, or an argument of every
 * command. */
static struct err *apply_setting(struct settings *settings, const char *text,
                                 struct args *args)
{
    const char *equals = strchr(text, '=');
    autofree char *key = xstrndup(text, equals ? (size_t)(equals - text) : strlen(text));
    const char *value = equals ? equals + 1 : "true";
    const struct option_row *row = row_by_key(key);
    bool on = true;

    if (!row) {
        if (*key && !args_get(args, key))
            args_put(args, key, value);
        return NULL;
    }
    if (!row->has_value && (args_parse_bool(value, &on) < 0 || !on))
        return NULL;
    return apply(settings, row->option, value);
}

/* "a=b,c=d\,e": commas part, a backslash takes the next character as it is. */
static struct err *parse_extra(struct settings *settings, const char *extra,
                               struct args *args)
{
    autobuf piece = BUF_INIT;
    struct err *e;

    for (const char *at = extra;; at++) {
        if (*at == '\\' && at[1]) {
            buf_add_char(&piece, *++at);
        } else if (*at && *at != ',') {
            buf_add_char(&piece, *at);
        } else {
            e = piece.size > 0 ? apply_setting(settings, buf_str(&piece), args) : NULL;
            if (e || !*at)
                return e;
            buf_clear(&piece);
        }
    }
}

static struct err *parse_rc(struct settings *settings, const char *path, struct args *args)
{
    autobuf text = BUF_INIT;
    int r = fd_read_file(AT_FDCWD, path, MAX_RC_SIZE, &text);
    char *at = text.data;
    struct err *e;

    if (r == -ENOENT || r == -ENOTDIR || r == -EACCES)
        return NULL;
    if (r < 0)
        return fail("reading %s: %s", path, strerrordesc_np(-r));
    while (at && *at) {
        char *line = at + strspn(at, " \t");
        size_t len = strcspn(line, "\r\n");
        char *end = line + len;

        at = *end ? end + 1 : end;
        *end = '\0';
        if (!*line || *line == '#')
            continue;
        e = apply_setting(settings, line, args);
        if (e)
            return e;
    }
    return NULL;
}

struct err *settings_parse(int argc, char **argv, const char *extra, const char *rc_file,
                           struct settings *ret_settings, struct args *args)
{
    struct err *e;

    memset(ret_settings, 0, sizeof(*ret_settings));
    e = parse_words(ret_settings, argc, argv, args);
    if (!e && extra)
        e = parse_extra(ret_settings, extra, args);
    if (!e && rc_file)
        e = parse_rc(ret_settings, rc_file, args);
    if (e)
        settings_fini(ret_settings);
    return e;
}
