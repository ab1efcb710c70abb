// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/filter.h"

#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/vec.h"
#include "model/db_text.h"

enum { REF_FIELD = -1 };

struct operand {
    char *literal; /* NULL: a field */
    int field;     /* index, or REF_FIELD */
};

/* A filter is a program in postfix order for a stack of truth values: its depth is that of
 * the parentheses, however long a chain of "and" is. */
enum opcode { OP_TRUE, OP_FALSE, OP_EQUAL, OP_AND, OP_OR, OP_NOT };

struct op {
    enum opcode code;
    struct operand a, b; /* OP_EQUAL */
};

struct filter {
    const struct class_def *cls;
    VEC(struct op) ops;
};

struct reader {
    const char *start, *at;
    struct filter *filter;
    unsigned depth, n_operands;
    const char *why; /* set once it failed */
};

static bool read_expression(struct reader *in);

static bool fail(struct reader *in, const char *why)
{
    in->why = why;
    return false;
}

static void operand_fini(struct operand *operand)
{
    free(operand->literal);
}

void filter_free(struct filter *filter)
{
    if (!filter)
        return;
    for (size_t i = 0; i < filter->ops.n; i++) {
        operand_fini(&filter->ops.at[i].a);
        operand_fini(&filter->ops.at[i].b);
    }
    VEC_FINI(&filter->ops);
    free(filter);
}

/* ---- reading ---- */

static void skip_space(struct reader *in)
{
    in->at += strspn(in->at, " \t\r\n");
}

/* Moves over 'token' when it comes next.  Words need no space behind them. */
static bool take(struct reader *in, const char *token)
{
    skip_space(in);
    if (strncmp(in->at, token, strlen(token)) != 0)
        return false;
    in->at += strlen(token);
    return true;
}

static void add_op(struct reader *in, enum opcode code)
{
    *VEC_PUSH(&in->filter->ops) = (struct op){.code = code};
}

/* A text in double quotes; NULL when there is none. */
static char *read_quoted(struct reader *in)
{
    const char *end;
    char *text;

    if (!take(in, "\""))
        return NULL;
    end = strchr(in->at, '"');
    if (!end)
        return NULL;
    text = xstrndup(in->at, (size_t)(end - in->at));
    in->at = end + 1;
    return text;
}

static bool find_field(struct reader *in, const char *name, int *ret_field)
{
    const struct class_def *cls = in->filter->cls;
    const struct field_def *field = field_by_db_name(cls, name);

    if (STREQ(name, "_ref")) {
        *ret_field = REF_FIELD;
        return true;
    }
    if (!field)
        field = field_by_name(cls, name);
    if (!field || field->internal_only)
        return fail(in, "the class has no such field");
    *ret_field = field_index(cls, field);
    return true;
}

static bool read_value(struct reader *in, struct operand *ret_operand)
{
    autofree char *text = NULL;
    bool is_field = take(in, "field");
    int field;

    text = read_quoted(in);
    if (!text)
        return fail(in, "a quoted text is missing");
    if (!is_field) {
        *ret_operand = (struct operand){.literal = take_ptr(text)};
        return true;
    }
    if (!find_field(in, text, &field))
        return false;
    *ret_operand = (struct operand){.field = field};
    return true;
}

static bool read_comparison(struct reader *in)
{
    struct op op = {.code = OP_EQUAL};

    if (!read_value(in, &op.a))
        return false;
    if (!take(in, "=")) {
        operand_fini(&op.a);
        return fail(in, "a value is compared with nothing");
    }
    if (!read_value(in, &op.b)) {
        operand_fini(&op.a);
        return false;
    }
    *VEC_PUSH(&in->filter->ops) = op;
    return true;
}

static bool read_nested(struct reader *in)
{
    bool good;

    if (in->depth == FILTER_MAX_DEPTH)
        return fail(in, "the expression is nested too deep");
    in->depth++;
    good = read_expression(in);
    in->depth--;
    return good;
}

static bool read_operand(struct reader *in)
{
    if (++in->n_operands > FILTER_MAX_COMPARISONS)
        return fail(in, "the expression is too long");
    if (take(in, "true")) {
        add_op(in, OP_TRUE);
        return true;
    }
    if (take(in, "false")) {
        add_op(in, OP_FALSE);
        return true;
    }
    if (take(in, "not")) {
        if (!read_nested(in))
            return false;
        add_op(in, OP_NOT);
        return true;
    }
    if (take(in, "("))
        return read_nested(in) &&
               (take(in, ")") || fail(in, "a parenthesis is not closed"));
    return read_comparison(in);
}

static bool read_expression(struct reader *in)
{
    if (!read_operand(in))
        return false;
    for (;;) {
        enum opcode code;

        if (take(in, "and"))
            code = OP_AND;
        else if (take(in, "or"))
            code = OP_OR;
        else
            return true;
        if (!read_operand(in))
            return false;
        add_op(in, code);
    }
}

struct err *filter_parse(const struct class_def *cls, const char *text,
                         struct filter **ret_filter)
{
    autoptr(filter) filter = xcalloc(1, sizeof(*filter));
    struct reader in = {.start = text, .at = text, .filter = filter};
    struct err *e;

    filter->cls = cls;
    if (read_expression(&in)) {
        skip_space(&in);
        if (*in.at)
            fail(&in, "something stands behind the expression");
    }
    if (!in.why) {
        *ret_filter = take_ptr(filter);
        return NULL;
    }
    e = err_new(ERR_INVALID_VALUE, "reading a filter of %s: %s at byte %zu", cls->name,
                in.why, (size_t)(in.at - in.start));
    e = err_param(e, text);
    return err_paramf(e, "%s at byte %zu", in.why, (size_t)(in.at - in.start));
}

/* ---- matching ---- */

/* An operand's text in a row: borrowed, or written to 'scratch'. */
static const char *operand_text(const struct filter *filter, const struct operand *operand,
                                const char *ref, const struct val *cells,
                                struct buf *scratch)
{
    const struct val *cell;

    if (operand->literal)
        return operand->literal;
    if (operand->field == REF_FIELD)
        return ref;
    cell = &cells[operand->field];
    if (cell->kind == VAL_STR)
        return val_text(cell);
    db_text_add(scratch, filter->cls->fields[operand->field].type, cell);
    return buf_str(scratch);
}

static bool is_equal(const struct filter *filter, const struct op *op, const char *ref,
                     const struct val *cells)
{
    autobuf scratch_a = BUF_INIT, scratch_b = BUF_INIT;

    return STREQ(operand_text(filter, &op->a, ref, cells, &scratch_a),
                 operand_text(filter, &op->b, ref, cells, &scratch_b));
}

bool filter_match(const struct filter *filter, const char *ref, const struct val *cells)
{
    bool stack[FILTER_MAX_DEPTH + 2];
    size_t n = 0;

    for (size_t i = 0; i < filter->ops.n; i++) {
        const struct op *op = &filter->ops.at[i];

        switch (op->code) {
        case OP_TRUE:
        case OP_FALSE:
            stack[n++] = op->code == OP_TRUE;
            break;
        case OP_EQUAL:
            stack[n++] = is_equal(filter, op, ref, cells);
            break;
        case OP_AND:
            n--;
            stack[n - 1] = stack[n - 1] && stack[n];
            break;
        case OP_OR:
            n--;
            stack[n - 1] = stack[n - 1] || stack[n];
            break;
        case OP_NOT:
            stack[n - 1] = !stack[n - 1];
            break;
        }
    }
    return stack[0];
}
