using System;
using System.Collections.Generic;
using System.Threading;

namespace AotServe.Tests.Workers.Interleavings;

/// <summary>The carriers of the runs of one <see cref="Explorer"/>. Those of workers are kept apart: who was a worker once has marks of that on his thread.</summary>
internal sealed class Carriers : IDisposable
{
    private readonly Stack<Carrier> _outside = new();
    private readonly Stack<Carrier> _workers = new();
    private readonly int _processor = Thread.GetCurrentProcessorId();

    public Carrier Take(bool isWorker) => (isWorker ? _workers : _outside).TryPop(out Carrier? free) ? free : new Carrier(_processor);

    public void GiveBack(Carrier carrier, bool isWorker) => (isWorker ? _workers : _outside).Push(carrier);

    public void Dispose()
    {
        foreach (Carrier carrier in (Carrier[])[.. _outside, .. _workers])
        {
            carrier.Dispose();
        }
    }
}
