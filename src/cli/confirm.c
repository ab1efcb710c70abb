// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/confirm.h"

#include <string.h>
#include <strings.h>

#include "cli/fail.h"

struct err *confirm(struct run *run)
{
    char answer[16];

    if (args_true(run->args, "force"))
        return NULL;
    run_say(run, "Type 'yes' to continue");
    fflush(run->out);
    if (!fgets(answer, sizeof(answer), run->in))
        answer[0] = '\0';
    answer[strcspn(answer, "\r\n")] = '\0';
    if (strcasecmp(answer, "yes") != 0 && strcasecmp(answer, "y") != 0)
        return fail("Aborted: nothing was done");
    return NULL;
}
