/* A blocking HTTP client for 127.0.0.1, as small as the measuring programs need it. */
#ifndef CLIENT_H
#define CLIENT_H

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct response {
    int status;
    long long length;  /* of the body, by Content-Length; 0 where there is none */
    char body[256];    /* how it begins, ended by NUL */
};

static inline int64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

/* Connects; -1 and errno where nobody listens. */
static inline int dial(int port) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct timeval patience = {.tv_sec = 15};
    int one = 1, s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (s < 0) return -1;
    setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (connect(s, (struct sockaddr *)&to, sizeof to) == 0) return s;
    int error = errno;
    close(s);
    errno = error;
    return -1;
}

/* A GET request into text; fields are whole lines with their CR LF, or "". Its length. */
static inline int make_request(char *text, size_t size, const char *path, const char *fields) {
    int length = snprintf(text, size, "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n%s\r\n", path, fields);
    if (length < 0 || (size_t)length >= size) {
        fprintf(stderr, "the request is too long\n");
        exit(2);
    }
    return length;
}

static inline int send_all(int s, const char *bytes, size_t length) {
    while (length > 0) {
        ssize_t n = send(s, bytes, length, MSG_NOSIGNAL);
        if (n <= 0) return -1;
        bytes += n;
        length -= (size_t)n;
    }
    return 0;
}

/* Reads one response to its last byte. 0, or -1 where the connection ended before that. Nothing may follow it. */
static inline int read_response(int s, struct response *r) {
    static char buffer[64 * 1024];
    size_t have = 0;
    char *end = NULL;
    while (end == NULL) {
        ssize_t n = recv(s, buffer + have, sizeof buffer - 1 - have, 0);
        if (n <= 0) return -1;
        have += (size_t)n;
        buffer[have] = 0;
        end = strstr(buffer, "\r\n\r\n");
        if (end == NULL && have == sizeof buffer - 1) return -1;
    }
    end += 4;
    r->status = have > 12 ? atoi(buffer + 9) : 0;
    r->length = 0;
    for (char *line = strstr(buffer, "\r\n"); line + 2 < end - 2; line = strstr(line + 2, "\r\n"))
        if (strncasecmp(line + 2, "Content-Length:", 15) == 0) r->length = atoll(line + 17);
    if (r->status == 304) r->length = 0; /* RFC 9110 section 8.6: there it is what a 200 would have had */

    size_t part = have - (size_t)(end - buffer), kept = part < sizeof r->body - 1 ? part : sizeof r->body - 1;
    memcpy(r->body, end, kept);
    for (long long rest = r->length - (long long)part; rest > 0;) {
        ssize_t n = recv(s, buffer, rest < (long long)sizeof buffer ? (size_t)rest : sizeof buffer, 0);
        if (n <= 0) return -1;
        if (kept < sizeof r->body - 1) {
            size_t more = sizeof r->body - 1 - kept < (size_t)n ? sizeof r->body - 1 - kept : (size_t)n;
            memcpy(r->body + kept, buffer, more);
            kept += more;
        }
        rest -= n;
    }
    r->body[kept] = 0;
    return 0;
}

/* A whole exchange, or the end of the program. */
static inline void exchange(int s, const char *request, int length, struct response *r) {
    if (send_all(s, request, (size_t)length) < 0 || read_response(s, r) < 0) {
        fprintf(stderr, "the connection ended in place of an answer\n");
        exit(1);
    }
}

static inline int dial_or_exit(int port) {
    int s = dial(port);
    if (s >= 0) return s;
    perror("cannot connect");
    exit(1);
}

#endif
