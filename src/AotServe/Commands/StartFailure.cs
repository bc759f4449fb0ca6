using System;
using System.ComponentModel;
using System.IO;
using System.Net.Sockets;
using AotServe.Native;

namespace AotServe.Commands;

/// <summary>Why a start or another command failed that no check foresaw, in words of whoever can mend it: mostly a limit of the system.</summary>
internal static class StartFailure
{
    /// <summary>One line.</summary>
    public static string Describe(Exception failure) => failure switch
    {
        SocketException { SocketErrorCode: SocketError.TooManyOpenSockets } or Win32Exception { NativeErrorCode: Errno.ProcessFilesExhausted }
            or IOException { HResult: Errno.ProcessFilesExhausted } =>
            "too few descriptors to start: raise the limit of open files (ulimit -n, LimitNOFILE=) to 64 or more"u8.Text(),
        OutOfMemoryException or IOException { HResult: Errno.TryAgain } or Win32Exception { NativeErrorCode: Errno.TryAgain } =>
            "no thread could be started, or there is no memory: raise the limit of processes (ulimit -u, TasksMax=, pids.max) or of memory (MemoryMax=, memory.max)"u8.Text(),
        TypeInitializationException { InnerException: { } inner } => Describe(inner),
        InvalidOperationException when ErrorText.Describe(failure) is var words && words == failure.Message => words,
        _ => $"{failure.GetType().Name}: {ErrorText.Describe(failure)}",
    };
}
