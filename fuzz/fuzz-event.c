// SPDX-License-Identifier: GPL-2.0-or-later
/* What event calls are given: subscriptions, one a line, and a token on the first. */
#include "rpc/event_format.h"

#include "base/cleanup.h"
#include "fuzz.h"

static void try_token(const char *text)
{
    char written[DB_TOKEN_LEN + 1];
    struct db_token token;

    if (db_token_parse(text, &token) < 0 || !*text)
        return;
    db_token_text(&token, written);
    FUZZ_CLAIM(STREQ(text, written));
}

static struct val split(char *text)
{
    struct val lines = val_set(4);
    char *line;

    while ((line = strsep(&text, "\n")))
        val_push(&lines, val_str(line));
    return lines;
}

static void try_subscriptions(const struct val *texts)
{
    struct db_subscription sub = {0};
    autoptr(err) e = subscription_add(&sub, texts);

    if (e) {
        FUZZ_CLAIM(err_code(e) == ERR_EVENT_SUBSCRIPTION_PARSE_FAILURE);
    } else {
        for (int i = 0; i < N_CLASSES; i++)
            if (subscription_matches(&sub, i, NULL_REF))
                FUZZ_CLAIM(!subscription_is_empty(&sub));
        (void)subscription_is_task_only(&sub);
        err_ignore(subscription_remove(&sub, texts), "the same texts were accepted");
        FUZZ_CLAIM(subscription_is_empty(&sub));
    }
    subscription_fini(&sub);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = strndup((const char *)data, size);
    autoval struct val texts = split(text);

    try_token(text); /* up to the first line end, which is cut */
    try_subscriptions(&texts);
    free(text);
    return 0;
}
