// SPDX-License-Identifier: GPL-2.0-or-later
/* xe: the command line of the XenAPI. */
#include "cli/run.h"

int main(int argc, char **argv)
{
    const struct xe_streams streams = {stdin, stdout, stderr};

    return xe_run(argc, argv, &streams);
}
