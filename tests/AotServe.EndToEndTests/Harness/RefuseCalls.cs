using System;

namespace AotServe.EndToEndTests.Harness;

/// <summary>
/// Runs a program to which some system calls answer EPERM, as under a strict seccomp filter:
/// <c>refuse-calls NUMBER[,NUMBER]... PROGRAM [ARGUMENT]...</c>
/// </summary>
internal static class RefuseCalls
{
    private const string Source =
        """
        #include <errno.h>
        #include <linux/filter.h>
        #include <linux/seccomp.h>
        #include <stddef.h>
        #include <stdlib.h>
        #include <sys/prctl.h>
        #include <unistd.h>

        int main(int count, char **arguments)
        {
            struct sock_filter filter[66] = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr))};
            unsigned short length = 1;
            if (count < 3) return 125;
            for (char *next = arguments[1]; *next != '\0' && length < 63; next += *next == ',') {
                filter[length++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, strtoul(next, &next, 10), 0, 1);
                filter[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
            }
            filter[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
            struct sock_fprog program = {length, filter};
            if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) return 125;
            execv(arguments[2], arguments + 2);
            return 126;
        }
        """;

    private static readonly Lazy<string> Compiled = new(() => CompiledProgram.Compile("refuse-calls", Source));

    /// <summary>The path of the program.</summary>
    public static string Path => Compiled.Value;
}
