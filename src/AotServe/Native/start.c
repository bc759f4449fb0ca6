/*
 * What has to run before the runtime, or in place of a part of it.
 *
 * 1. It says why the runtime did not start, which that does not say itself: it ends before any managed code, with exit code 255.
 * 2. It starts the runtime's own thread, which runs finalizers, when the program says so. The runtime would start it before Main.
 *    What Linux keeps for each thread (signal mask, capabilities, Landlock) would have to be set on it separately then, and the only
 *    way to reach it is a garbage collection. Later it inherits all of that, and the first response does not wait for it.
 * 3. It has all threads share the heap of the C library, until Main allows more heaps.
 * 4. It sets and takes away two variables, which would take the runtime strings of all of them.
 * 5. It leaves out what Brotli's encoder has for qualities that are not asked for.
 */
#include <errno.h>
#ifdef __linux__
#include <malloc.h>
#endif
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <unistd.h>

/* The runtime needs some 2 MiB to begin with, and ends by SIGSEGV where it is a little short of what it needs. */
enum { LEAST_HEAP = 0x800000 };

static int begun;

/* Called by Main: the runtime has started. */
void aotserve_begin(void)
{
    begun = 1;
}

/* The runtime's thread that was asked for before Main, and was not started yet; detached, as the runtime asks. */
static struct {
    void *(*start)(void *);
    void *argument;
    size_t stack; /* bytes; 0: as the system has it */
} held;

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

static void explain(int error)
{
    if (error == EAGAIN) {
        fail("aotserve: no start: no thread could be started; raise the limit of processes (ulimit -u, TasksMax=, pids.max) "
            "or of memory (ulimit -v, MemoryMax=, memory.max)\n");
    } else if (error != 0) {
        fail("aotserve: no start: a filter refuses to start threads (clone3, clone); allow these system calls "
            "(systemd: SystemCallFilter=@system-service)\n");
    }
}

#ifdef __linux__
int __real_pthread_create(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);

/* What the linker puts in the place of pthread_create(3), by --wrap. */
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *), void *argument)
{
    if (begun || held.start != NULL) {
        return __real_pthread_create(thread, attributes, start, argument);
    }
    held.start = start;
    held.argument = argument;
    if (attributes == NULL || pthread_attr_getstacksize(attributes, &held.stack) != 0) {
        held.stack = 0;
    }
    *thread = pthread_self(); /* The runtime does not use it. */
    return 0;
}

/* Starts that thread, once. Ends the process where it cannot be started. */
void aotserve_start_runtime_thread(void)
{
    pthread_t thread;
    pthread_attr_t attributes;
    if (held.start == NULL) {
        return;
    }
    /* It names itself, but a moment later; until then it has the name of the thread that starts it. */
    char name[16] = "";
    prctl(PR_GET_NAME, name);
    prctl(PR_SET_NAME, ".NET Finalizer");
    int error = pthread_attr_init(&attributes);
    if (error == 0) {
        error = pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
        if (error == 0 && held.stack != 0) {
            error = pthread_attr_setstacksize(&attributes, held.stack);
        }
        if (error == 0) {
            error = __real_pthread_create(&thread, &attributes, held.start, held.argument);
        }
        pthread_attr_destroy(&attributes);
    }
    prctl(PR_SET_NAME, name);
    held.start = NULL;
    explain(error);
}
#else
/* Elsewhere there is nothing that it would have to inherit. */
void aotserve_start_runtime_thread(void)
{
}
#endif

#ifdef __linux__
/*
 * What the encoder calls for qualities 0 and 1, and for 10 and 11. Here it is asked for 5 (Compression.BrotliQuality), so the linker's --wrap
 * puts this in their places, and their code and tables, 290 KB, are not linked.
 */
static void refuse_quality(void)
{
    fail("aotserve: Brotli's qualities 0, 1, 10 and 11 are not linked in\n");
}

#define LEFT_OUT(name) void __wrap_##name(void); void __wrap_##name(void) { refuse_quality(); }
LEFT_OUT(BrotliCompressFragmentFast)
LEFT_OUT(BrotliCompressFragmentTwoPass)
LEFT_OUT(BrotliInitZopfliNodes)
LEFT_OUT(BrotliZopfliComputeShortestPath)
LEFT_OUT(BrotliZopfliCreateCommands)
LEFT_OUT(BrotliCreateZopfliBackwardReferences)
LEFT_OUT(BrotliCreateHqZopfliBackwardReferences)
#endif

#ifdef __GLIBC__
/*
 * One heap for all threads (mallopt(3)). Otherwise each thread has one of its own, of 64 MiB of addresses and at least a page; and hardly
 * anything is allocated here once the server runs.
 */
__attribute__((constructor)) static void share_heap(void)
{
    mallopt(M_ARENA_MAX, 1);
}
#endif

/* Called by Main before it starts threads, where they will allocate here all the time, as OpenSSL does: so many heaps for all of them. */
void aotserve_allow_heaps(int count)
{
#ifdef __GLIBC__
    mallopt(M_ARENA_MAX, count);
#else
    (void)count;
#endif
}

/* Called by the program before OpenSSL is. There is nothing to do, unless late-openssl.c is linked in, whose function takes the place of this. */
__attribute__((weak)) int aotserve_prepare_openssl(void)
{
    return 0;
}

/*
 * The environment as the server wants it. .NET would copy all variables with the first one that is set (Environment.SetEnvironmentVariable).
 * ListeningSockets says what the one is for, StopSignals why the other is in the way. A successor begins with them so too.
 */
__attribute__((constructor)) static void prepare_environment(void)
{
    setenv("DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT", "0", 1);
    unsetenv("TERM");
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
    begun = 1;
    explain(pthread_create(&thread, NULL, nothing, NULL));
    fail("aotserve: no start: the .NET runtime could not initialize; it needs memory (ulimit -v, MemoryMax=, memory.max), "
        "and no DOTNET_ variables that forbid it\n");
}
