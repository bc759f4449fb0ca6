/* tree PID: prints of a process and its descendants RSS and PSS in bytes, CPU time in seconds, and the highest RSS in bytes. */
#include "tree.h"

int main(int argc, char **argv) {
    if (argc != 2) return 2;
    struct tree sum = measure_tree(atoi(argv[1]));
    printf("%lld %lld %.2f %lld\n", sum.rss, sum.pss, sum.cpu, sum.peak);
    return 0;
}
