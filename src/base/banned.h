// SPDX-License-Identifier: GPL-2.0-or-later
/* Functions nobody here may call; included by the build into every C file (-include). */
#pragma once

#include <alloca.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#undef alloca
#undef strcpy
#undef strcat
#pragma GCC poison strcpy strcat sprintf vsprintf strtok gets atoi atol atof system popen
#pragma GCC poison localtime gmtime ctime asctime rand srand sleep usleep alloca tmpnam    \
    mktemp
