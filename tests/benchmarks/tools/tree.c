/* tree PID: prints RSS and PSS in bytes and CPU time in seconds of a process and its descendants. */
#include "tree.h"

int main(int argc, char **argv) {
    if (argc != 2) return 2;
    struct tree sum = measure_tree(atoi(argv[1]));
    printf("%lld %lld %.2f\n", sum.rss, sum.pss, sum.cpu);
    return 0;
}
