/*
 * crowd PORT PATH COUNT SECONDS PID: an active client alone, then COUNT connections that had one answer each and stay
 * open, then the active client again beside them. PID is the server's. Prints
 *   opened  kept  alone p50  alone p99  beside p50  beside p99  PSS before  PSS after
 * (latencies in microseconds, PSS in bytes; kept: how many of the opened are open in the end).
 */
#define _GNU_SOURCE
#include "client.h"
#include "tree.h"

enum { MaxSamples = 4000000, SettleMs = 300 };

static int32_t samples[MaxSamples];

static int by_value(const void *a, const void *b) {
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

static void settle(void) {
    struct timespec t = {0, SettleMs * 1000000L};
    nanosleep(&t, NULL);
}

/*
 * One connection, one request after the other, for so many seconds: the median and the 99th percentile in us. Where the
 * server ends it (lighttpd does after 65,535 requests), another follows, and that request does not count.
 */
static void ask(int port, const char *request, int length, double seconds, double *p50, double *p99) {
    struct response r;
    int s = dial_or_exit(port), n = 0;
    for (int i = 0; i < 1000; i++) exchange(s, request, length, &r);
    int64_t begin = now_ns(), end = begin + (int64_t)(seconds * 1e9);
    for (int64_t at = begin; at < end && n < MaxSamples;) {
        int answered = send_all(s, request, (size_t)length) == 0 && read_response(s, &r) == 0;
        int64_t done = now_ns();
        if (answered) {
            samples[n++] = (int32_t)(done - at);
        } else {
            close(s);
            s = dial_or_exit(port);
            exchange(s, request, length, &r);
            done = now_ns();
        }
        at = done;
    }
    close(s);
    qsort(samples, (size_t)n, sizeof *samples, by_value);
    *p50 = samples[n / 2] / 1e3;
    *p99 = samples[(int)(n * 0.99)] / 1e3;
}

int main(int argc, char **argv) {
    if (argc != 6) return 2;
    int port = atoi(argv[1]), count = atoi(argv[3]), pid = atoi(argv[5]), opened = 0, kept = 0;
    double seconds = atof(argv[4]), alone50, alone99, beside50, beside99;
    char request[1024], byte;
    struct response r;
    int length = make_request(request, sizeof request, argv[2], "");
    int *idle = calloc((size_t)count, sizeof *idle);

    ask(port, request, length, seconds, &alone50, &alone99);
    settle();
    long long before = measure_tree(pid).pss;
    for (; opened < count && (idle[opened] = dial(port)) >= 0; opened++) exchange(idle[opened], request, length, &r);
    settle();
    long long after = measure_tree(pid).pss;
    ask(port, request, length, seconds, &beside50, &beside99);
    for (int i = 0; i < opened; i++)
        kept += recv(idle[i], &byte, 1, MSG_DONTWAIT) < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
    printf("%d %d %.1f %.1f %.1f %.1f %lld %lld\n", opened, kept, alone50, alone99, beside50, beside99, before, after);
    return 0;
}
