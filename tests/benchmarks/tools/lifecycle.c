/*
 * The beginning and the end of a server.
 *
 *   lifecycle exec COMMAND...             becomes the command, in a process group of its own, which ends with its parent
 *   lifecycle start PORT PATH COMMAND...  starts it, asks once, stops it; prints three times in ms:
 *                                         exec -> listening, exec -> first byte of the first response, SIGTERM -> exit;
 *                                         and the minor page faults from exec to exit, those of its processes that
 *                                         somebody waited for (getrusage(2)) included
 *   lifecycle cold PORT PATH COMMAND...   the same after the page cache was dropped, or where that takes a right that
 *                                         is missing, after the executable alone was taken out of it
 *   lifecycle stop PID                    sends SIGTERM; prints the ms until the process has ended
 */
#define _GNU_SOURCE
#include "client.h"
#include "tree.h"
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

enum { PatienceMs = 15000, RetryNs = 20000, SettleMs = 30, MaxProcesses = 64 };

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void pause_ns(long ns) {
    struct timespec t = {ns / 1000000000, ns % 1000000000};
    nanosleep(&t, NULL);
}

/* What a shell's background job lacks is put back, so that every server begins alike. */
static void prepare_child(void) {
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    signal(SIGINT, SIG_DFL);
    signal(SIGQUIT, SIG_DFL);
    signal(SIGPIPE, SIG_DFL);
    int null = open("/dev/null", O_RDWR);
    dup2(null, 0);
    if (null > 2) close(null);
}

/*
 * SIGTERM to the process -> exit of it and its descendants (lighttpd's first process does not wait for its workers), in
 * ms. -1: one did not end in time.
 */
static double stop(int pid) {
    int pids[MaxProcesses], n = list_tree(pid, pids, MaxProcesses), handles[MaxProcesses];
    int64_t deadline = now_ns() + PatienceMs * 1000000LL;
    for (int i = 0; i < n; i++) handles[i] = (int)syscall(SYS_pidfd_open, pids[i], 0);
    if (handles[0] < 0) return -1;
    int64_t begin = now_ns();
    if (syscall(SYS_pidfd_send_signal, handles[0], SIGTERM, NULL, 0) < 0) fail("pidfd_send_signal");
    int all = 1;
    for (int i = 0; i < n; i++) {
        struct pollfd p = {.fd = handles[i], .events = POLLIN};
        int64_t rest = (deadline - now_ns()) / 1000000;
        if (handles[i] >= 0 && poll(&p, 1, rest > 0 ? (int)rest : 0) != 1) all = 0;
    }
    int64_t end = now_ns();
    for (int i = 0; i < n; i++)
        if (handles[i] >= 0) close(handles[i]);
    return all ? (double)(end - begin) / 1e6 : -1;
}

static void drop_page_cache(const char *executable) {
    int f = open("/proc/sys/vm/drop_caches", O_WRONLY | O_CLOEXEC);
    int dropped = f >= 0 && write(f, "3", 1) == 1;
    if (f >= 0) close(f);
    if (dropped) return;
    f = open(executable, O_RDONLY | O_CLOEXEC);
    if (f < 0) fail(executable);
    posix_fadvise(f, 0, 0, POSIX_FADV_DONTNEED);
    close(f);
}

/* The server's process group, for when this program is told to end before it. */
static volatile pid_t started;

static void end_with_server(int signal_number) {
    if (started > 0) kill(-started, SIGKILL);
    _exit(128 + signal_number);
}

/* What asks every 20 us takes half of a processor: not now this one's, now that of the server. */
static void keep_to_this_processor(void) {
    cpu_set_t this;
    CPU_ZERO(&this);
    CPU_SET(sched_getcpu(), &this);
    if (sched_setaffinity(0, sizeof this, &this) < 0) fail("sched_setaffinity");
}

/* What the child leaves here right before its exec. */
struct beginning {
    int64_t at;
    long faults; /* its own since fork, which are not the server's */
};

/* Minor page faults of what has been waited for. */
static long faults;

static pid_t reap(pid_t pid, int options) {
    struct rusage used;
    pid_t ended = wait4(pid, NULL, options, &used);
    if (ended > 0) faults += used.ru_minflt;
    return ended;
}

static int start(int port, const char *path, char **command) {
    char request[1024], byte;
    struct response r;
    int length = make_request(request, sizeof request, path, "Connection: close\r\n");
    volatile struct beginning *began = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (began == MAP_FAILED) fail("mmap");
    int other = dial(port);
    if (other >= 0) {
        fprintf(stderr, "something listens on port %d already\n", port);
        return 1;
    }
    prctl(PR_SET_CHILD_SUBREAPER, 1); /* a server's workers may outlive it */
    signal(SIGINT, end_with_server);
    signal(SIGTERM, end_with_server);
    pid_t pid = fork();
    if (pid < 0) fail("fork");
    if (pid == 0) {
        signal(SIGTERM, SIG_DFL);
        prepare_child();
        dup2(2, 1);
        struct rusage used;
        began->at = now_ns(); /* once before, so that it has its pages */
        getrusage(RUSAGE_SELF, &used);
        began->faults = used.ru_minflt;
        began->at = now_ns();
        execvp(command[0], command);
        _exit(127);
    }

    started = pid;
    keep_to_this_processor();
    /* No queue of timers between a server that listens and its being noticed. */
    prctl(PR_SET_TIMERSLACK, 1);
    int s, ok = 0;
    int64_t listening = 0, first = 0, deadline = now_ns() + PatienceMs * 1000000LL;
    while ((s = dial(port)) < 0 && now_ns() < deadline && reap(pid, WNOHANG) == 0) pause_ns(RetryNs);
    if (s >= 0) {
        listening = now_ns();
        ok = send_all(s, request, (size_t)length) == 0 && recv(s, &byte, 1, MSG_PEEK) == 1;
        first = now_ns();
        ok = ok && read_response(s, &r) == 0 && r.status == 200;
        close(s);
    }
    pause_ns(SettleMs * 1000000L);
    double exit_ms = ok ? stop(pid) : -1;
    kill(-pid, SIGKILL); /* whatever of its group is left */
    while (reap(-1, 0) > 0) { }
    if (!ok || exit_ms < 0) {
        fprintf(stderr, "%s: %s\n", command[0], ok ? "did not stop" : "did not answer");
        return 1;
    }
    printf("%.3f %.3f %.3f %ld\n", (double)(listening - began->at) / 1e6, (double)(first - began->at) / 1e6, exit_ms,
           faults - began->faults);
    return 0;
}

int main(int argc, char **argv) {
    if (argc >= 3 && strcmp(argv[1], "exec") == 0) {
        prepare_child();
        execvp(argv[2], argv + 2);
        perror(argv[2]);
        return 127;
    }
    if (argc == 3 && strcmp(argv[1], "stop") == 0) {
        double ms = stop(atoi(argv[2]));
        if (ms < 0) return 1;
        printf("%.3f\n", ms);
        return 0;
    }
    if (argc >= 5 && strcmp(argv[1], "start") == 0) return start(atoi(argv[2]), argv[3], argv + 4);
    if (argc >= 5 && strcmp(argv[1], "cold") == 0) {
        drop_page_cache(argv[4]);
        return start(atoi(argv[2]), argv[3], argv + 4);
    }
    fprintf(stderr, "usage: see the head of lifecycle.c\n");
    return 2;
}
