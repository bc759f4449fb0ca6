/*
 * first-calls FUNCTIONS PROGRAM [ARGUMENT]...
 *
 * Runs a program and prints the functions that it calls, each once, in the order of their first calls. FUNCTIONS is a file with a line for
 * each: its address in the program file, hexadecimal, and its name. A breakpoint is set at each function and taken away when it is hit, so
 * the program runs on nearly unhindered. The program's output goes to stderr. For x86-64 Linux (ptrace(2)).
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

struct function {
    uint64_t address;
    char *name;
    uint8_t byte;
    int hit;
};

static struct function *functions;
static size_t count;
static int memory;

static int by_address(const void *a, const void *b)
{
    uint64_t x = ((const struct function *)a)->address, y = ((const struct function *)b)->address;
    return x < y ? -1 : x > y;
}

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static void read_functions(const char *path)
{
    FILE *file = fopen(path, "r");
    char *line = NULL;
    size_t size = 0;
    if (file == NULL) {
        fail(path);
    }
    while (getline(&line, &size, file) > 0) {
        char *name;
        uint64_t address = strtoull(line, &name, 16);
        name += strspn(name, " ");
        name[strcspn(name, "\n")] = '\0';
        if ((count & (count - 1)) == 0) {
            functions = realloc(functions, (count == 0 ? 1 : 2 * count) * sizeof *functions);
        }
        functions[count++] = (struct function){ address, strdup(name), 0, 0 };
    }
    fclose(file);
    free(line);
    qsort(functions, count, sizeof *functions, by_address);
}

/* Where the program was loaded: the start of its first mapping. */
static uint64_t base_of(pid_t process)
{
    char path[64], program[4096], line[8192];
    snprintf(path, sizeof path, "/proc/%d/exe", process);
    ssize_t length = readlink(path, program, sizeof program - 1);
    program[length < 0 ? 0 : length] = '\0';
    snprintf(path, sizeof path, "/proc/%d/maps", process);
    FILE *maps = fopen(path, "r");
    while (maps != NULL && fgets(line, sizeof line, maps) != NULL) {
        if (strstr(line, program) != NULL) {
            fclose(maps);
            return strtoull(line, NULL, 16);
        }
    }
    fail("maps");
    return 0;
}

static void set_breakpoints(uint64_t base)
{
    for (size_t i = 0; i < count; i++) {
        functions[i].address += base;
        if (pread(memory, &functions[i].byte, 1, functions[i].address) != 1 ||
            pwrite(memory, &(uint8_t){ 0xCC }, 1, functions[i].address) != 1) {
            fail(functions[i].name);
        }
    }
}

/* A thread has run into a breakpoint, or another thread has taken it away meanwhile: it goes on from there. */
static int take_breakpoint(pid_t thread)
{
    struct user_regs_struct registers;
    if (ptrace(PTRACE_GETREGS, thread, NULL, &registers) != 0) {
        return 0;
    }
    struct function key = { .address = registers.rip - 1 };
    struct function *hit = bsearch(&key, functions, count, sizeof *functions, by_address);
    if (hit == NULL) {
        return 0;
    }
    while (hit > functions && hit[-1].address == hit->address) {
        hit--;
    }
    if (!hit->hit) {
        hit->hit = 1;
        if (pwrite(memory, &hit->byte, 1, hit->address) != 1) {
            fail(hit->name);
        }
        for (size_t i = hit - functions; i < count && functions[i].address == hit->address; i++) {
            puts(functions[i].name); /* Several where their code is the same. */
        }
    }
    registers.rip--;
    ptrace(PTRACE_SETREGS, thread, NULL, &registers);
    return 1;
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fputs("usage: first-calls FILE PROGRAM [ARGUMENT]...\n", stderr);
        return 2;
    }
    read_functions(argv[1]);
    pid_t process = fork();
    if (process == 0) {
        dup2(STDERR_FILENO, STDOUT_FILENO);
        ptrace(PTRACE_TRACEME, 0, NULL, NULL);
        execv(argv[2], argv + 2);
        fail(argv[2]);
    }
    int status;
    waitpid(process, &status, 0);
    if (!WIFSTOPPED(status)) {
        return 1;
    }
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/mem", process);
    memory = open(path, O_RDWR);
    set_breakpoints(base_of(process));
    ptrace(PTRACE_SETOPTIONS, process, NULL, PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL);
    ptrace(PTRACE_CONT, process, NULL, 0);
    for (;;) {
        pid_t thread = waitpid(-1, &status, __WALL);
        if (thread < 0) {
            break;
        }
        if (!WIFSTOPPED(status)) {
            if (thread == process) {
                break;
            }
            continue;
        }
        int sig = WSTOPSIG(status);
        if (sig == SIGTRAP && (status >> 16 != 0 || take_breakpoint(thread))) {
            sig = 0;
        } else if (sig == SIGSTOP) {
            sig = 0; /* A new thread begins. */
        }
        ptrace(PTRACE_CONT, thread, NULL, sig);
    }
    return 0;
}
