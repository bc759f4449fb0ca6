/* What a process and its descendants take, from /proc (proc(5)). */
#ifndef TREE_H
#define TREE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct tree {
    long long rss, pss; /* bytes; of a page that n processes share, PSS counts one n-th */
    long long peak;     /* bytes: the highest RSS of each so far, added up (VmHWM) */
    double cpu;         /* seconds, user and system, those of ended children included */
};

static inline void add_memory(int pid, struct tree *sum) {
    char path[64], line[256];
    long long kib;
    snprintf(path, sizeof path, "/proc/%d/smaps_rollup", pid);
    FILE *f = fopen(path, "r");
    if (f == NULL) return;
    while (fgets(line, sizeof line, f) != NULL) {
        if (sscanf(line, "Rss: %lld", &kib) == 1) sum->rss += kib * 1024;
        if (sscanf(line, "Pss: %lld", &kib) == 1) sum->pss += kib * 1024;
    }
    fclose(f);
}

static inline void add_peak(int pid, struct tree *sum) {
    char path[64], line[256];
    long long kib;
    snprintf(path, sizeof path, "/proc/%d/status", pid);
    FILE *f = fopen(path, "r");
    if (f == NULL) return;
    while (fgets(line, sizeof line, f) != NULL)
        if (sscanf(line, "VmHWM: %lld", &kib) == 1) sum->peak += kib * 1024;
    fclose(f);
}

static inline void add_cpu(int pid, struct tree *sum) {
    char path[64], text[1024];
    unsigned long long user, system;
    long long children_user, children_system;
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    FILE *f = fopen(path, "r");
    if (f == NULL) return;
    size_t n = fread(text, 1, sizeof text - 1, f);
    fclose(f);
    text[n] = 0;
    char *rest = strrchr(text, ')'); /* the name before it may hold anything */
    if (rest != NULL && sscanf(rest + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu %lld %lld",
                               &user, &system, &children_user, &children_system) == 4)
        sum->cpu += (double)(user + system + children_user + children_system) / (double)sysconf(_SC_CLK_TCK);
}

/* The process and its descendants, at most so many. Children that a thread other than the first began are not found. */
static inline int list_tree(int pid, int *pids, int most) {
    char path[64];
    int n = 1, child;
    if (most < 1) return 0;
    pids[0] = pid;
    snprintf(path, sizeof path, "/proc/%d/task/%d/children", pid, pid);
    FILE *f = fopen(path, "r");
    if (f == NULL) return n;
    while (n < most && fscanf(f, "%d", &child) == 1) n += list_tree(child, pids + n, most - n);
    fclose(f);
    return n;
}

static inline struct tree measure_tree(int pid) {
    enum { Most = 1024 };
    int pids[Most], n = list_tree(pid, pids, Most);
    struct tree sum = {0};
    for (int i = 0; i < n; i++) {
        add_memory(pids[i], &sum);
        add_peak(pids[i], &sum);
        add_cpu(pids[i], &sum);
    }
    return sum;
}

#endif
