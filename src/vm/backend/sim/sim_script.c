// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/backend/sim/sim_script.h"

#include <fcntl.h>
#include <fnmatch.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fd.h"
#include "base/str.h"
#include "base/vec.h"

#define MAX_SIZE  (1u << 20)
#define MAX_WORDS 24
#define MAX_MS    600000

enum action { DELAY, FAIL, DIE, HABIT };

struct rule {
    const char *place; /* a constant; "guest" with HABIT */
    enum action action;
    enum sim_guest_habit habit;
    uint64_t ms;
    enum err_code code;
    char *params[8];
    size_t n_params;
    char *pattern;             /* of names; NULL: all */
    uint64_t n_passes, n_left; /* UNDER lock: not yet; still */
};

struct sim_script {
    pthread_mutex_t lock;
    VEC(struct rule) rules;
};

/* A line's words. */
struct words {
    char *at[MAX_WORDS];
    size_t n, next;
};

static const char *const places[] = {"create", "adopt",   "unpause", "pause",   "shutdown",
                                     "reset",  "destroy", "console", "cd",      "stat",
                                     "plug",   "unplug",  "tune",    "suspend", "guest"};
static const char *const habits[N_SIM_GUEST_HABITS] = {
    [SIM_GUEST_NONE] = "none",       [SIM_GUEST_SILENT] = "silent",
    [SIM_GUEST_DEAF] = "deaf",       [SIM_GUEST_POWEROFF] = "poweroff",
    [SIM_GUEST_HALT] = "halt",       [SIM_GUEST_REBOOT] = "reboot",
    [SIM_GUEST_RESTART] = "restart", [SIM_GUEST_CRASH] = "crash",
    [SIM_GUEST_DIE] = "die",
};

int sim_guest_habit_by_word(const char *word)
{
    for (int i = 0; i < N_SIM_GUEST_HABITS; i++)
        if (STREQ(habits[i], word))
            return i;
    return -1;
}

const char *sim_guest_habit_word(enum sim_guest_habit habit)
{
    return habits[habit];
}

/* ---- reading ---- */

/* Cuts 'line' in place at white space; "..." keeps it.  False: too many words. */
static bool cut(char *line, struct words *words)
{
    *words = (struct words){.n = 0};
    for (;;) {
        line += strspn(line, " \t\r");
        if (!*line || *line == '#')
            return true;
        if (words->n == MAX_WORDS)
            return false;
        if (*line == '"') {
            words->at[words->n++] = ++line;
            line += strcspn(line, "\"");
        } else {
            words->at[words->n++] = line;
            line += strcspn(line, " \t\r");
        }
        if (*line)
            *line++ = '\0';
    }
}

static const char *next_word(struct words *words)
{
    return words->next < words->n ? words->at[words->next++] : NULL;
}

static bool next_number(struct words *words, uint64_t max, uint64_t *ret_number)
{
    const char *word = next_word(words);

    return word && str_to_uint64(word, ret_number) == 0 && *ret_number <= max;
}

static bool is_tail(const char *word)
{
    return STREQ(word, "vm") || STREQ(word, "times") || STREQ(word, "after");
}

static const char *read_fail(struct words *words, struct rule *rule)
{
    const char *code = next_word(words);

    rule->action = FAIL;
    rule->code = code ? err_code_by_name(code) : ERR_UNKNOWN;
    if (rule->code == ERR_UNKNOWN)
        return "no error code of the API";
    while (words->next < words->n && !is_tail(words->at[words->next])) {
        if (rule->n_params == ARRAY_SIZE(rule->params))
            return "too many parameters";
        rule->params[rule->n_params++] = xstrdup(next_word(words));
    }
    return NULL;
}

static const char *read_habit(struct words *words, const char *word, struct rule *rule)
{
    int habit = sim_guest_habit_by_word(word);

    if (habit < 0)
        return "nothing a guest does";
    rule->action = HABIT;
    rule->habit = (enum sim_guest_habit)habit;
    if (habit >= SIM_GUEST_POWEROFF && !next_number(words, MAX_MS, &rule->ms))
        return "no number of milliseconds";
    return NULL;
}

static const char *read_action(struct words *words, struct rule *rule)
{
    const char *word = next_word(words);

    if (!word)
        return "no action";
    if (STREQ(rule->place, "guest"))
        return read_habit(words, word, rule);
    if (STREQ(word, "fail"))
        return read_fail(words, rule);
    if (STREQ(word, "die")) {
        rule->action = DIE;
        return NULL;
    }
    rule->action = DELAY;
    if (!STREQ(word, "delay"))
        return "an action must be delay, fail or die";
    return next_number(words, MAX_MS, &rule->ms) ? NULL : "no number of milliseconds";
}

/* What is wrong with the line, or NULL. */
static const char *read_rule(struct words *words, struct rule *rule)
{
    const char *word = next_word(words), *why;

    for (size_t i = 0; i < ARRAY_SIZE(places); i++)
        if (STREQ(places[i], word))
            rule->place = places[i];
    if (!rule->place)
        return "it begins with nothing that happens";
    why = read_action(words, rule);
    rule->n_left = UINT64_MAX;
    while (!why && (word = next_word(words))) {
        const char *pattern = STREQ(word, "vm") ? next_word(words) : NULL;

        if (pattern && !rule->pattern)
            rule->pattern = xstrdup(pattern);
        else if (pattern || STREQ(word, "vm"))
            why = "one pattern must follow vm";
        else if (STREQ(word, "times") && !next_number(words, UINT64_MAX, &rule->n_left))
            why = "no number follows times";
        else if (STREQ(word, "after") && !next_number(words, UINT64_MAX, &rule->n_passes))
            why = "no number follows after";
        else if (!is_tail(word))
            why = "it has a word too many";
    }
    return why;
}

static void rule_fini(struct rule *rule)
{
    for (size_t i = 0; i < rule->n_params; i++)
        free(rule->params[i]);
    free(rule->pattern);
}

static const char *add_line(struct sim_script *script, char *line)
{
    struct rule rule = {.place = NULL};
    struct words words;
    const char *why;

    if (!cut(line, &words))
        return "too many words";
    if (words.n == 0)
        return NULL;
    why = read_rule(&words, &rule);
    if (why)
        rule_fini(&rule);
    else
        *VEC_PUSH(&script->rules) = rule;
    return why;
}

struct err *sim_script_read(const char *path, struct sim_script **ret_script)
{
    struct sim_script *script = xcalloc(1, sizeof(*script));
    autobuf text = BUF_INIT;
    char *rest, *line;
    struct err *e = NULL;
    int r = path ? fd_read_file(AT_FDCWD, path, MAX_SIZE, &text) : 0;

    pthread_mutex_init(&script->lock, NULL);
    if (r < 0)
        e = err_errno(-r, "reading %s", path);
    buf_add_char(&text, '\n');
    rest = text.data;
    for (unsigned number = 1; !e && (line = strsep(&rest, "\n")); number++) {
        const char *why = add_line(script, line);

        if (why)
            e = err_new(ERR_INTERNAL_ERROR, "reading %s: line %u: %s", path, number, why);
    }
    if (e) {
        sim_script_free(script);
        return e;
    }
    *ret_script = script;
    return NULL;
}

void sim_script_free(struct sim_script *script)
{
    if (!script)
        return;
    for (size_t i = 0; i < script->rules.n; i++)
        rule_fini(&script->rules.at[i]);
    VEC_FINI(&script->rules);
    pthread_mutex_destroy(&script->lock);
    free(script);
}

/* ---- running ---- */

/* Whether the rule is for this place and VM and its turn has come; counts it. */
static bool applies(struct sim_script *script, struct rule *rule, const char *place,
                    const char *name)
{
    bool does;

    if (!STREQ(rule->place, place) ||
        (rule->pattern && fnmatch(rule->pattern, name, 0) != 0))
        return false;
    pthread_mutex_lock(&script->lock);
    does = rule->n_passes == 0 && rule->n_left > 0;
    if (rule->n_passes > 0)
        rule->n_passes--;
    else if (does && rule->n_left != UINT64_MAX)
        rule->n_left--;
    pthread_mutex_unlock(&script->lock);
    return does;
}

static struct err *failure(const struct rule *rule, const char *place)
{
    struct err *e = err_new(rule->code, "the script of the backend sim fails '%s'", place);

    for (size_t i = 0; i < rule->n_params; i++)
        e = err_param(e, rule->params[i]);
    return e;
}

struct err *sim_script_run(struct sim_script *script, const char *place, const char *name,
                           bool *ret_dies)
{
    for (size_t i = 0; i < script->rules.n; i++) {
        struct rule *rule = &script->rules.at[i];

        if (rule->action == HABIT || !applies(script, rule, place, name))
            continue;
        if (rule->action == FAIL)
            return failure(rule, place);
        if (rule->action == DIE)
            *ret_dies = true;
        else
            poll(NULL, 0, (int)rule->ms);
    }
    return NULL;
}

bool sim_script_guest(struct sim_script *script, enum sim_guest_habit habit,
                      const char *name, uint64_t *ret_ms)
{
    for (size_t i = 0; i < script->rules.n; i++) {
        struct rule *rule = &script->rules.at[i];

        if (rule->action == HABIT && rule->habit == habit &&
            applies(script, rule, "guest", name)) {
            if (ret_ms)
                *ret_ms = rule->ms;
            return true;
        }
    }
    return false;
}
