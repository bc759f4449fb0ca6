/*
 * bare-epoll PORT [close]: a server that does nothing but I/O, to compare with. Two threads, each with an epoll of its
 * own. Whatever arrives is taken for one request, and the response is always the same, with a body of 1 KiB. With "close",
 * the connection ends after it.
 * It knows nothing of HTTP: no pipelining, no HEAD, no split requests.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { Threads = 2, Body = 1024, Events = 256 };

static int listener, closes;
static char answer[2048];
static size_t answer_length;

static void accept_all(int epoll) {
    int s, one = 1;
    while ((s = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        struct epoll_event e = {.events = EPOLLIN, .data.fd = s};
        setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        epoll_ctl(epoll, EPOLL_CTL_ADD, s, &e);
    }
}

static void *serve(void *unused) {
    (void)unused;
    char request[16 * 1024];
    struct epoll_event ready[Events], e = {.events = EPOLLIN | EPOLLEXCLUSIVE, .data.fd = listener};
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &e);
    for (;;) {
        int n = epoll_wait(epoll, ready, Events, -1);
        for (int i = 0; i < n; i++) {
            int s = ready[i].data.fd;
            if (s == listener) {
                accept_all(epoll);
                continue;
            }
            if (recv(s, request, sizeof request, 0) <= 0 ||
                send(s, answer, answer_length, MSG_NOSIGNAL) != (ssize_t)answer_length || closes)
                close(s);
        }
    }
    return NULL;
}

int main(int argc, char **argv) {
    if (argc < 2) return 2;
    closes = argc > 2 && strcmp(argv[2], "close") == 0;
    int length = snprintf(answer, sizeof answer,
        "HTTP/1.1 200 OK\r\nServer: bare-epoll\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\n"
        "Content-Type: text/html\r\nLast-Modified: Thu, 01 Jan 2026 00:00:00 GMT\r\nETag: \"0123456789abcdef\"\r\n"
        "Accept-Ranges: bytes\r\n%sContent-Length: %d\r\n\r\n", closes ? "Connection: close\r\n" : "", Body);
    memset(answer + length, 'x', Body);
    answer_length = (size_t)length + Body;

    struct sockaddr_in at = {
        .sin_family = AF_INET, .sin_port = htons(atoi(argv[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int one = 1;
    listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&at, sizeof at) < 0 || listen(listener, 4096) < 0) {
        perror("bare-epoll");
        return 1;
    }
    pthread_t thread;
    for (int i = 1; i < Threads; i++) pthread_create(&thread, NULL, serve, NULL);
    serve(NULL);
}
