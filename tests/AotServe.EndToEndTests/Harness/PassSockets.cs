using System;

namespace AotServe.EndToEndTests.Harness;

/// <summary>
/// A program that starts a server as a service manager does: with sockets that it made, as descriptors from 3 on. Written
/// in C, since no shell can make a listening socket.
/// </summary>
internal static class PassSockets
{
    /// <summary>
    /// Arguments: kinds of descriptors (tcp, bound, udp, file, unix:PATH), <c>--</c>, the server and its arguments. With a first
    /// argument <c>twice</c>, it keeps the sockets and starts the server again, after the first has ended and someone
    /// has connected.
    /// </summary>
    private const string Source =
        """
        #include <arpa/inet.h>
        #include <fcntl.h>
        #include <poll.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <sys/socket.h>
        #include <sys/un.h>
        #include <sys/wait.h>
        #include <unistd.h>

        static int make(const char *kind)
        {
            if (strcmp(kind, "file") == 0)
                return open("/dev/null", O_RDWR);
            if (strncmp(kind, "unix:", 5) == 0) {
                struct sockaddr_un u = { .sun_family = AF_UNIX };
                strncpy(u.sun_path, kind + 5, sizeof u.sun_path - 1);
                int l = socket(AF_UNIX, SOCK_STREAM, 0);
                bind(l, (struct sockaddr *)&u, sizeof u);
                listen(l, 128);
                return l;
            }
            int s = socket(AF_INET, strcmp(kind, "udp") == 0 ? SOCK_DGRAM : SOCK_STREAM, 0);
            struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
            bind(s, (struct sockaddr *)&a, sizeof a);
            if (strcmp(kind, "tcp") == 0)
                listen(s, 128);
            return s;
        }

        static void run(char **server, int count)
        {
            char text[32];
            sprintf(text, "%d", count);
            setenv("LISTEN_FDS", text, 1);
            sprintf(text, "%d", getpid());
            setenv("LISTEN_PID", text, 1);
            execv(server[0], server);
            _exit(127);
        }

        int main(int argc, char **argv)
        {
            int first = 1, count = 0, twice = strcmp(argv[1], "twice") == 0;
            for (int i = first + twice; strcmp(argv[i], "--") != 0; i++) {
                int s = make(argv[i]), target = 3 + count++;
                if (s != target) { dup2(s, target); close(s); }
            }
            char **server = argv + first + twice + count + 1;
            if (twice) {
                pid_t pid = fork();
                if (pid == 0) run(server, count);
                waitpid(pid, NULL, 0);
                struct pollfd p = { .fd = 3, .events = POLLIN };
                poll(&p, 1, 30000);
            }
            run(server, count);
        }
        """;

    private static readonly Lazy<string> Compiled = new(() => CompiledProgram.Compile("pass-sockets", Source));

    /// <summary>The path of the program.</summary>
    public static string Path => Compiled.Value;
}
