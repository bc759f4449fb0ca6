using System;
using System.ComponentModel;
using System.IO;
using System.Net.Sockets;

namespace AotServe.Commands;

/// <summary>Why a start failed that no check foresaw, in words of whoever can mend it: mostly a limit of the system.</summary>
internal static class StartFailure
{
    private const int TryAgain = 11; // EAGAIN: of pthread_create(3)
    private const int TooManyOpenFiles = 24; // EMFILE

    /// <summary>One line.</summary>
    public static string Describe(Exception failure) => failure switch
    {
        SocketException { SocketErrorCode: SocketError.TooManyOpenSockets } or Win32Exception { NativeErrorCode: TooManyOpenFiles }
            or IOException { HResult: TooManyOpenFiles } =>
            "too few descriptors to start: raise the limit of open files (ulimit -n, LimitNOFILE=) to 64 or more",
        OutOfMemoryException or IOException { HResult: TryAgain } or Win32Exception { NativeErrorCode: TryAgain } =>
            "no thread could be started, or there is no memory: raise the limit of processes (ulimit -u, TasksMax=, pids.max) or of memory (MemoryMax=, memory.max)",
        TypeInitializationException { InnerException: { } inner } => Describe(inner),
        InvalidOperationException => failure.Message,
        _ => $"{failure.GetType().Name}: {failure.Message}".ReplaceLineEndings(" "),
    };
}
