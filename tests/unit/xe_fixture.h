// SPDX-License-Identifier: GPL-2.0-or-later
/* xe against a server made of a table: each method answers what the table says, and the
 * calls are written down.  Plain HTTP on a loopback port of the kernel's choice. */
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "cli/run.h"
#include "wire/envelope.h"
#include "wire/http.h"
#include "wire/http_write.h"
#include "wire/json.h"

/* The answer to calls of 'method' whose parameters, as JSON, hold 'having' (NULL: any): the
 * result as JSON, or with "!" before it the error's array. */
struct fake_answer {
    const char *method, *having, *json;
};

static struct {
    const struct fake_answer *answers; /* the last has no method */
    int listener;
    char port[16];
    struct buf calls; /* "VM.start [...]\n"; read after fake_run() */
} fake;

static inline const char *fake_find(const char *method, const char *params)
{
    for (const struct fake_answer *a = fake.answers; a->method; a++)
        if (strcmp(a->method, method) == 0 && (!a->having || strstr(params, a->having)))
            return a->json;
    if (strcmp(method, "session.login_with_password") == 0)
        return "\"OpaqueRef:session\"";
    return strcmp(method, "session.logout") == 0 ? "\"\"" : "![\"MESSAGE_METHOD_UNKNOWN\"]";
}

static inline void fake_answer_call(int sock, const char *body, size_t size)
{
    struct envelope call;
    autobuf answer = BUF_INIT;
    autobuf head = BUF_INIT;
    autobuf params = BUF_INIT;
    const char *json;

    if (envelope_parse_json(body, size, &call, NULL) < 0)
        abort();
    json_add(&params, &call.params);
    json = fake_find(call.method, buf_str(&params));
    if (strncmp(call.method, "session.log", 11) != 0)
        buf_addf(&fake.calls, "%s %s\n", call.method, buf_str(&params));
    buf_addf(&answer,
             *json == '!' ? "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":1,"
                            "\"message\":\"\",\"data\":[]}}"
                          : "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":%s}",
             json);
    if (*json == '!') { /* ["CODE","p1"] is message and data */
        struct val all;
        struct val message, data = val_set(4);

        if (json_parse(json + 1, strlen(json + 1), 0, &all, NULL) < 0)
            abort();
        message = val_ref(val_at(&all, 0));
        for (size_t i = 1; i < val_count(&all); i++)
            val_push(&data, val_ref(val_at(&all, i)));
        buf_clear(&answer);
        buf_add_str(&answer,
                    "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":1,\"message\":");
        json_add(&answer, &message);
        buf_add_str(&answer, ",\"data\":");
        json_add(&answer, &data);
        buf_add_str(&answer, "}}");
        val_unref(&all);
        val_unref(&message);
        val_unref(&data);
    }
    http_add_response(&head, 1, 200, "application/json", answer.size, true);
    http_end_head(&head);
    buf_add(&head, answer.data, answer.size);
    if (send(sock, head.data, head.size, MSG_NOSIGNAL) != (ssize_t)head.size)
        abort();
    envelope_fini(&call);
}

/* Serves one connection to its end. */
static inline void *fake_serve(void *unused)
{
    int sock = accept(fake.listener, NULL, NULL);
    autobuf got = BUF_INIT;

    while (sock >= 0) {
        struct http_head head;
        enum http_result result = HTTP_MORE;
        char data[4096];
        size_t used = 0, body_size;
        ssize_t n = 0;

        http_head_init(&head, HTTP_REQUEST);
        while (result == HTTP_MORE && (n = recv(sock, data, sizeof(data), 0)) > 0)
            result = http_head_feed(&head, data, (size_t)n, &used);
        if (result != HTTP_DONE) {
            http_head_fini(&head);
            break;
        }
        buf_clear(&got);
        buf_add(&got, data + used, (size_t)n - used);
        body_size = (size_t)head.content_length;
        while (got.size < body_size && (n = recv(sock, data, sizeof(data), 0)) > 0)
            buf_add(&got, data, (size_t)n);
        http_head_fini(&head);
        fake_answer_call(sock, buf_str(&got), body_size);
    }
    close(sock);
    return NULL;
}

static inline void fake_listen(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);

    fake.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(fake.listener, (struct sockaddr *)&address, size) < 0 ||
        listen(fake.listener, 4) < 0 ||
        getsockname(fake.listener, (struct sockaddr *)&address, &size) < 0)
        abort();
    snprintf(fake.port, sizeof(fake.port), "%u", ntohs(address.sin_port));
}

/* What a run left behind. */
struct outcome {
    char *out, *errors;
    int status;
};

/* Runs xe with the words up to NULL; 'input' is its standard input. */
static inline struct outcome fake_run(const struct fake_answer *answers, const char *input,
                                      ...)
{
    char *argv[32] = {(char *)"xe", (char *)"-s", (char *)"127.0.0.1", (char *)"-p"};
    struct outcome outcome = {0};
    size_t out_size, errors_size;
    struct xe_streams streams;
    pthread_t thread;
    va_list words;
    int argc = 6;

    fake.answers = answers;
    buf_clear(&fake.calls);
    if (!fake.listener)
        fake_listen();
    argv[4] = fake.port;
    argv[5] = (char *)"--nossl";
    va_start(words, input);
    while (argc < 31 && (argv[argc] = va_arg(words, char *)))
        argc++;
    va_end(words);
    setenv("HOME", "/nonexistent", 1);
    unsetenv("XE_EXTRA_ARGS");
    streams.in = fmemopen((void *)(*input ? input : "\n"), *input ? strlen(input) : 1, "r");
    streams.out = open_memstream(&outcome.out, &out_size);
    streams.errors = open_memstream(&outcome.errors, &errors_size);
    if (pthread_create(&thread, NULL, fake_serve, NULL) != 0)
        abort();
    outcome.status = xe_run(argc, argv, &streams);
    /* A run that asked nothing has not connected: wake the server. */
    shutdown(fake.listener, SHUT_RDWR);
    pthread_join(thread, NULL);
    close(fake.listener);
    fake.listener = 0;
    fclose(streams.in);
    fclose(streams.out);
    fclose(streams.errors);
    return outcome;
}

static inline void outcome_fini(struct outcome *outcome)
{
    free(outcome->out);
    free(outcome->errors);
}
#define autooutcome CLEANUP(outcome_fini) struct outcome
