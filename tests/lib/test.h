// SPDX-License-Identifier: GPL-2.0-or-later
/* A unit test program speaks TAP: TEST(claim) { CHECK...; } for each claim, and TEST_MAIN
 * at the end. A failed CHECK ends that test, not the program. */
#pragma once

#include <inttypes.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct test {
    const char *claim;
    void (*run)(void);
    struct test *next;
};

static struct test *tests_first, **tests_last = &tests_first;
static jmp_buf test_failed;
static const char *test_skip_reason;

#define TEST(claim)                                                                        \
    static void claim(void);                                                               \
    static struct test test_##claim = {#claim, claim, NULL};                               \
    static void __attribute__((constructor)) add_##claim(void)                             \
    {                                                                                      \
        *tests_last = &test_##claim;                                                       \
        tests_last = &test_##claim.next;                                                   \
    }                                                                                      \
    static void claim(void)

#define TEST_FAIL(...)                                                                     \
    do {                                                                                   \
        printf("# %s:%d: ", __FILE__, __LINE__);                                           \
        printf(__VA_ARGS__);                                                               \
        printf("\n");                                                                      \
        longjmp(test_failed, 1);                                                           \
    } while (0)
#define CHECK(cond)                                                                        \
    do {                                                                                   \
        if (!(cond))                                                                       \
            TEST_FAIL("%s does not hold", #cond);                                          \
    } while (0)
#define CHECK_INT(a, op, b)                                                                \
    do {                                                                                   \
        int64_t a_ = (int64_t)(a), b_ = (int64_t)(b);                                      \
        if (!(a_ op b_))                                                                   \
            TEST_FAIL("%s %s %s does not hold: %" PRId64 ", %" PRId64, #a, #op, #b, a_,    \
                      b_);                                                                 \
    } while (0)
#define CHECK_STR(a, b)                                                                    \
    do {                                                                                   \
        const char *a_ = (a), *b_ = (b);                                                   \
        if (!a_ || !b_ || strcmp(a_, b_) != 0)                                             \
            TEST_FAIL("%s is \"%s\", not \"%s\"", #a, a_ ? a_ : "(null)",                  \
                      b_ ? b_ : "(null)");                                                 \
    } while (0)
/* A struct err * that must be NULL; one that must have a code. */
#define CHECK_OK(expr)                                                                     \
    do {                                                                                   \
        struct err *e_ = (expr);                                                           \
        if (e_)                                                                            \
            TEST_FAIL("%s: %s", #expr, err_sentence(e_));                                  \
    } while (0)
#define CHECK_ERR(expr, code)                                                              \
    do {                                                                                   \
        struct err *e_ = (expr);                                                           \
        if (!e_ || err_code(e_) != (code))                                                 \
            TEST_FAIL("%s gives %s, not %s", #expr, e_ ? err_code_text(e_) : "success",    \
                      #code);                                                              \
        err_free(e_);                                                                      \
    } while (0)
#define TEST_SKIP(reason)                                                                  \
    do {                                                                                   \
        test_skip_reason = (reason);                                                       \
        return;                                                                            \
    } while (0)

static inline int test_run_all(void)
{
    volatile int n = 0, n_failed = 0; /* kept over longjmp */

    setvbuf(stdout, NULL, _IOLBF, 0);
    for (struct test *volatile t = tests_first; t; t = t->next) {
        n++;
        test_skip_reason = NULL;
        if (setjmp(test_failed)) {
            n_failed++;
            printf("not ok %d %s\n", n, t->claim);
            continue;
        }
        t->run();
        printf("ok %d %s%s%s\n", n, t->claim, test_skip_reason ? " # SKIP " : "",
               test_skip_reason ? test_skip_reason : "");
    }
    printf("1..%d\n", n);
    return n_failed ? 1 : 0;
}

#define TEST_MAIN                                                                          \
    int main(void)                                                                         \
    {                                                                                      \
        return test_run_all();                                                             \
    }
