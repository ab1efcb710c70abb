// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/help.h"

#include <string.h>

#include "base/alloc.h"
#include "base/str.h"
#include "base/vec.h"
#include "cli/objects.h"

#define WRAP_AT   74
#define NAME_FILL "    "
#define KEY_WIDTH 24

typedef VEC(char *) name_list;

static const char usage[] =
    "Usage: xe COMMAND [NAME=VALUE...] [OPTION...]\n"
    "  -s SERVER      server to speak to (this host)\n"
    "  -p PORT        its port (443, or 80 with --nossl)\n"
    "  -u USER        user name (root)\n"
    "  -pw PASSWORD   password\n"
    "  -pwf FILE      file with the password, or with user and password on two lines\n"
    "  --cacert FILE  PEM certificate the server must prove itself by\n"
    "  --nossl        plain HTTP\n"
    "  --debug        show on standard error what is asked of the server\n"
    "\n"
    "To get help on a specific command: xe help COMMAND\n"
    "To get a full listing of commands: xe help --all\n";

void help_usage(FILE *out)
{
    fputs(usage, out);
}

/* ---- names ---- */

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void names_fini(name_list *names)
{
    for (size_t i = 0; i < names->n; i++)
        free(names->at[i]);
    VEC_FINI(names);
}

static const char *const common_lists[] = {"network-list", "sr-list", "vm-list"};

static bool is_common_list(const char *name)
{
    for (size_t i = 0; i < ARRAY_SIZE(common_lists); i++)
        if (STREQ(common_lists[i], name))
            return true;
    return false;
}

static void add_object_commands(const struct xe_object *object, bool all, name_list *names)
{
    for (uint32_t can = XE_CAN_LIST; can <= XE_CAN_PARAM_CLEAR; can <<= 1) {
        char *name = xasprintf("%s-%s", object->name, objects_verb(can));

        if (object->can & can && (all || is_common_list(name)))
            *VEC_PUSH(names) = name;
        else
            free(name);
    }
}

/* All commands, or those that are used every day; sorted. */
static void collect(bool all, name_list *names)
{
    for (size_t i = 0; i < xe_n_commands; i++)
        if (!(xe_commands[i].flags & XE_HIDDEN) &&
            (all || xe_commands[i].flags & XE_COMMON))
            *VEC_PUSH(names) = xstrdup(xe_commands[i].name);
    for (size_t i = 0; i < xe_n_objects; i++)
        add_object_commands(&xe_objects[i], all, names);
    qsort(names->at, names->n, sizeof(names->at[0]), compare_names);
}

/* "a, b, c", wrapped; no comma ends a line. */
static void print_wrapped(FILE *out, const name_list *names, const char *prefix,
                          const char *except)
{
    size_t column = 0;

    for (size_t i = 0; i < names->n; i++) {
        const char *name = names->at[i];

        if (prefix && !str_has_prefix(name, prefix))
            continue;
        if (except && (str_has_prefix(name, "host-") || str_has_prefix(name, "vm-")))
            continue;
        if (column > 0 && column + 2 + strlen(name) > WRAP_AT) {
            fputc('\n', out);
            column = 0;
        }
        column += (size_t)fprintf(out, "%s%s", column ? ", " : NAME_FILL, name);
    }
    fputc('\n', out);
}

static void print_title(FILE *out, const char *title)
{
    fprintf(out, "\n%s\n", title);
    for (size_t i = 0; i < strlen(title); i++)
        fputc('-', out);
    fputs("\n\n", out);
}

static void list_commands(struct run *run, bool all)
{
    name_list names = VEC_INIT;

    collect(all, &names);
    if (run->minimal) {
        for (size_t i = 0; i < names.n; i++)
            fprintf(run->out, "%s%s", i ? "," : "", names.at[i]);
        fputc('\n', run->out);
    } else if (!all) {
        help_usage(run->out);
        print_title(run->out, "Common command list");
        print_wrapped(run->out, &names, NULL, NULL);
    } else {
        help_usage(run->out);
        print_title(run->out, "Full command list");
        print_wrapped(run->out, &names, "host-", NULL);
        fputs(NAME_FILL "\n", run->out);
        print_wrapped(run->out, &names, "vm-", NULL);
        fputs(NAME_FILL "\n", run->out);
        print_wrapped(run->out, &names, NULL, "others");
    }
    names_fini(&names);
}

/* ---- one command ---- */

static void print_line(FILE *out, bool first, const char *key, const char *value)
{
    if (first)
        fprintf(out, "%-*s: %s\n", KEY_WIDTH, key, value);
    else
        fprintf(out, "        %-*s: %s\n", KEY_WIDTH - 8, key, value);
}

static void add_name(struct buf *list, const char *name)
{
    buf_addf(list, "%s%s", list->size ? ", " : "", name);
}

static void print_command(FILE *out, const char *name, const struct buf *required,
                          const struct buf *optional, const char *doc)
{
    print_line(out, true, "command name", name);
    print_line(out, false, "reqd params", buf_str(required));
    print_line(out, false, "optional params", buf_str(optional));
    print_line(out, false, "description", doc);
    fputs("\n\n", out);
}

static bool help_row(FILE *out, const char *name)
{
    static const char *const selectors[] = {[XE_ON_VM] = "<vm-selectors>",
                                            [XE_ON_HOST] = "<host-selectors>",
                                            [XE_ON_SR] = "<sr-selectors>"};
    autobuf required = BUF_INIT;
    autobuf optional = BUF_INIT;

    for (size_t i = 0; i < xe_n_commands; i++) {
        const struct xe_command *command = &xe_commands[i];

        if (!STREQ(command->name, name))
            continue;
        for (size_t n = 0; n < command->n_need; n++)
            add_name(&required, command->need[n]);
        for (size_t n = 0; n < command->n_may; n++)
            add_name(&optional, command->may[n]);
        if (command->on != XE_ON_NOTHING)
            add_name(&optional, selectors[command->on]);
        print_command(out, name, &required, &optional, command->doc);
        return true;
    }
    return false;
}

/* What a field is called among the arguments of a list or of param-set. */
static void add_filter(struct buf *list, const struct xe_field *field)
{
    if (!(field->flags & XE_HIDDEN))
        add_name(list, field->name);
}

static void add_filters(struct buf *list, const struct xe_object *object)
{
    add_name(list, "params");
    for (size_t i = 0; i < object->n_fields; i++)
        add_filter(list, &object->fields[i]);
    for (size_t i = 0; i < object->n_fields; i++) {
        const struct xe_field *field = &object->fields[i];
        autofree char *contains = xasprintf("%s:contains", field->name);

        if ((field->mark == XE_SRO || field->mark == XE_SRW) && !(field->flags & XE_HIDDEN))
            add_name(list, contains);
    }
}

static void add_settable(struct buf *list, const struct xe_object *object)
{
    for (size_t i = 0; i < object->n_fields; i++) {
        const struct xe_field *field = &object->fields[i];
        autofree char *prefix = xasprintf("%s:", field->name);

        if (field->flags & XE_HIDDEN)
            continue;
        if (field->changes[XE_SET])
            add_name(list, field->name);
        else if (field->mark == XE_MRW)
            add_name(list, prefix);
    }
}

static const struct {
    enum xe_can can;
    const char *required, *optional, *doc;
} object_helps[] = {
    {XE_CAN_LIST, "", "", "Shows the objects of this kind: all, or those the filters fit."},
    {XE_CAN_PARAM_LIST, "uuid", "", "Shows all fields of an object."},
    {XE_CAN_PARAM_GET, "uuid, param-name", "param-key",
     "Shows one field of an object, or one key of it."},
    {XE_CAN_PARAM_SET, "uuid", "", "Sets fields, or keys of maps as field:key=value."},
    {XE_CAN_PARAM_ADD, "uuid, param-name", "param-key",
     "Adds param-key to a set, or key=value to a map."},
    {XE_CAN_PARAM_REMOVE, "uuid, param-name, param-key", "",
     "Removes an element of a set or a key of a map."},
    {XE_CAN_PARAM_CLEAR, "uuid, param-name", "", "Empties a field."},
};

static bool help_object(FILE *out, const char *name)
{
    autobuf required = BUF_INIT;
    autobuf optional = BUF_INIT;
    const struct xe_object *object;
    enum xe_can can;

    if (!objects_find(name, &object, &can))
        return false;
    for (size_t i = 0; i < ARRAY_SIZE(object_helps); i++) {
        if (object_helps[i].can != can)
            continue;
        buf_add_str(&required, object_helps[i].required);
        buf_add_str(&optional, object_helps[i].optional);
        if (can == XE_CAN_LIST)
            add_filters(&optional, object);
        if (can == XE_CAN_PARAM_SET)
            add_settable(&optional, object);
        print_command(out, name, &required, &optional, object_helps[i].doc);
        return true;
    }
    return false;
}

struct err *help_run(struct run *run)
{
    const struct args *args = run->args;

    if (args->bare.n == 0)
        list_commands(run, args_true(args, "all"));
    for (size_t i = 0; i < args->bare.n; i++)
        if (!help_row(run->out, args->bare.at[i]) &&
            !help_object(run->out, args->bare.at[i]))
            fprintf(run->out, "Unknown command '%s'\n", args->bare.at[i]);
    return NULL;
}
