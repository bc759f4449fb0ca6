/*
 * allocated PORT REQUESTS PATH [FIELD]: what requests allocate in a server that was published with --test-hooks and so
 * counts it at /__hooks/allocated. A few connections are opened and warmed up; then the counter is read, read again
 * (what reading takes by itself), and read after so many more requests over the same connections. Prints
 *   bytes of the requests   bytes of reading the counter   status of the answers
 */
#include "client.h"

enum { Connections = 16, WarmUp = 20000 };

static int port, sockets[Connections];

static long long counter(void) {
    char request[256];
    struct response r;
    exchange(sockets[0], request, make_request(request, sizeof request, "/__hooks/allocated", ""), &r);
    if (r.status == 200) return atoll(r.body);
    fprintf(stderr, "no counter: status %d\n", r.status);
    exit(1);
}

/* In rounds: a request on every connection, then an answer from each. */
static int ask(const char *request, int length, int count) {
    struct response r = {0};
    for (int done = 0; done < count; done += Connections) {
        for (int i = 0; i < Connections; i++)
            if (send_all(sockets[i], request, (size_t)length) < 0) exit(1);
        for (int i = 0; i < Connections; i++)
            if (read_response(sockets[i], &r) < 0) exit(1);
    }
    return r.status;
}

int main(int argc, char **argv) {
    char request[1024], fields[512] = "";
    if (argc < 4) return 2;
    port = atoi(argv[1]);
    if (argc > 4) snprintf(fields, sizeof fields, "%s\r\n", argv[4]);
    int length = make_request(request, sizeof request, argv[3], fields);
    for (int i = 0; i < Connections; i++) sockets[i] = dial_or_exit(port);

    ask(request, length, WarmUp);
    counter();
    long long first = counter(), second = counter();
    int status = ask(request, length, atoi(argv[2]));
    long long third = counter();
    printf("%lld %lld %d\n", third - second - (second - first), second - first, status);
    return 0;
}
