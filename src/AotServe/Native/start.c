/*
 * Says why the runtime did not start, which it does not say itself: it ends before any managed code, with exit code 255.
 * The one file that is not C#: nothing else can run then. It costs a start nothing but the call of aotserve_begin.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The runtime needs some 2 MiB to begin with, and ends by SIGSEGV where it is a little short of what it needs. */
enum { LEAST_HEAP = 0x800000 };

static int begun;

/* Called by Main: the runtime has started. */
void aotserve_begin(void)
{
    begun = 1;
}

static void fail(const char *why)
{
    if (write(STDERR_FILENO, why, strlen(why)) < 0) {
        /* Nobody hears it. */
    }
    _exit(1);
}

static void *nothing(void *argument)
{
    return argument;
}

/* GCHeapHardLimit, which is hexadecimal; a limit of the process's environment, and of no other place. */
__attribute__((constructor)) static void check_heap_limit(void)
{
    const char *limit = getenv("DOTNET_GCHeapHardLimit");
    char *end;
    if (limit == NULL || *limit == '\0') {
        return;
    }
    unsigned long long bytes = strtoull(limit, &end, 16);
    if (*end == '\0' && bytes > 0 && bytes < LEAST_HEAP) {
        fail("aotserve: no start: the limit of the heap is too low; DOTNET_GCHeapHardLimit is hexadecimal, and 800000 (8 MiB) is the least\n");
    }
}

/* The process ends. If that is before Main, the runtime could not start: mostly it could not start its own thread. */
__attribute__((destructor)) static void check_begun(void)
{
    pthread_t thread;
    if (begun) {
        return;
    }
    int error = pthread_create(&thread, NULL, nothing, NULL);
    if (error == EAGAIN) {
        fail("aotserve: no start: no thread could be started; raise the limit of processes (ulimit -u, TasksMax=, pids.max) "
            "or of memory (ulimit -v, MemoryMax=, memory.max)\n");
    } else if (error != 0) {
        fail("aotserve: no start: a filter refuses to start threads (clone3, clone); allow these system calls "
            "(systemd: SystemCallFilter=@system-service)\n");
    }
    fail("aotserve: no start: the .NET runtime could not initialize; it needs memory (MemoryMax=, memory.max, ulimit -v), "
        "and no DOTNET_ variables that forbid it\n");
}
