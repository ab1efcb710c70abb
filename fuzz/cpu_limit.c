// SPDX-License-Identifier: GPL-2.0-or-later
/* A bound of the processor's time for targets under libFuzzer, whose own bounds count the
 * clock's: beside other work that says little.  After FUZZ_CPU_SECONDS (environment) the
 * process gets SIGUSR1, upon which libFuzzer prints its figures and ends with status 0. */
#include <err.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    const char *seconds = getenv("FUZZ_CPU_SECONDS");
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
    struct itimerspec when = {0};
    timer_t timer;

    (void)argc;
    (void)argv;
    if (!seconds)
        return 0;
    when.it_value.tv_sec = strtol(seconds, NULL, 10);
    if (timer_create(CLOCK_PROCESS_CPUTIME_ID, &event, &timer) < 0 ||
        timer_settime(timer, 0, &when, NULL) < 0)
        err(1, "a timer of the processor's time");
    return 0;
}
