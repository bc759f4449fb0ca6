using System.Runtime.InteropServices;
using System.Threading;

namespace AotServe.Net;

/// <summary>
/// How many requests one thread has answered for one server. The thread alone counts, in a line of the processor's cache of its own; any
/// thread may read it.
/// </summary>
internal sealed class RequestCounter(Server server)
{
    private Line _line;

    /// <summary>Whose requests they are.</summary>
    public Server Server { get; } = server;

    /// <summary>The requests so far.</summary>
    public long Value => Volatile.Read(ref _line.Count);

    /// <summary>Counts one more. Called by the thread.</summary>
    public void Add() => Volatile.Write(ref _line.Count, _line.Count + 1);

    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Line
    {
        [FieldOffset(128)]
        public long Count;
    }
}
