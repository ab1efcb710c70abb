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
#undef sprintf
#undef vsprintf

/* A call of any of these stops the compiler at the name that says why. */
#define BANNED(name)   banned_##name##_is
#define strcpy(...)    BANNED(strcpy)
#define strcat(...)    BANNED(strcat)
#define sprintf(...)   BANNED(sprintf)
#define vsprintf(...)  BANNED(vsprintf)
#define strtok(...)    BANNED(strtok)
#define gets(...)      BANNED(gets)
#define atoi(...)      BANNED(atoi)
#define atol(...)      BANNED(atol)
#define atof(...)      BANNED(atof)
#define system(...)    BANNED(system)
#define popen(...)     BANNED(popen)
#define localtime(...) BANNED(localtime)
#define gmtime(...)    BANNED(gmtime)
#define ctime(...)     BANNED(ctime)
#define asctime(...)   BANNED(asctime)
#define rand(...)      BANNED(rand)
#define srand(...)     BANNED(srand)
#define sleep(...)     BANNED(sleep)
#define usleep(...)    BANNED(usleep)
#define alloca(...)    BANNED(alloca)
#define tmpnam(...)    BANNED(tmpnam)
#define mktemp(...)    BANNED(mktemp)
