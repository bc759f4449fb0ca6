/*
 * A site of many files, each of 10 KB, in folders of 300: ROOT/d0000/000.html and so on.
 *
 *   site make ROOT COUNT     makes them and has them written to the disk
 *   site forget ROOT COUNT   takes the first COUNT out of the page cache; prints how many pages of how many that were
 *                            looked at stayed in it
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { Folder = 300, Size = 10240, Page = 4096, LookedAt = 50 };

static char path[4096];

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void name(const char *root, int i) {
    if (snprintf(path, sizeof path, "%s/d%04d/%03d.html", root, i / Folder, i % Folder) >= (int)sizeof path) {
        errno = ENAMETOOLONG;
        fail(root);
    }
}

/* Letters that do not compress to nothing, with the file's number before them. */
static void make(const char *root, int i) {
    static char text[Size + 1];
    static unsigned random = 1;
    name(root, i);
    if (i % Folder == 0) {
        char *slash = strrchr(path, '/');
        *slash = 0;
        if (mkdir(path, 0755) < 0 && errno != EEXIST) fail(path);
        *slash = '/';
    }
    if (text[0] == 0)
        for (int at = 0; at < Size; at++) {
            random = random * 1664525 + 1013904223;
            text[at] = (char)('a' + (random >> 24) % 26);
        }
    char number[16];
    memcpy(text, number, (size_t)snprintf(number, sizeof number, "%09d\n", i));
    int f = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (f < 0 || write(f, text, Size) != Size || close(f) < 0) fail(path);
}

static void forget(const char *root, int i, int *stayed, int *pages) {
    name(root, i);
    int f = open(path, O_RDONLY | O_CLOEXEC);
    if (f < 0) fail(path);
    posix_fadvise(f, 0, 0, POSIX_FADV_DONTNEED);
    if (i % LookedAt == 0) {
        unsigned char in_memory[(Size + Page - 1) / Page];
        void *view = mmap(NULL, Size, PROT_READ, MAP_SHARED, f, 0);
        if (view == MAP_FAILED || mincore(view, Size, in_memory) < 0) fail(path);
        for (size_t p = 0; p < sizeof in_memory; p++) *stayed += in_memory[p] & 1;
        *pages += (int)sizeof in_memory;
        munmap(view, Size);
    }
    close(f);
}

int main(int argc, char **argv) {
    if (argc != 4) return 2;
    const char *root = argv[2];
    int count = atoi(argv[3]), stayed = 0, pages = 0;
    if (strcmp(argv[1], "make") == 0) {
        umask(022); /* a server that was started by root reads them as another user */
        for (int i = 0; i < count; i++) make(root, i);
        int f = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (f < 0 || syncfs(f) < 0) fail(root);
        return 0;
    }
    if (strcmp(argv[1], "forget") != 0) return 2;
    for (int i = 0; i < count; i++) forget(root, i, &stayed, &pages);
    printf("%d %d\n", stayed, pages);
    return 0;
}
