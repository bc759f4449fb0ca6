using System;
using System.Threading;

namespace AotServe.Tests.Workers;

/// <summary>A work item that is a delegate.</summary>
internal sealed class Item(Action action) : IThreadPoolWorkItem
{
    public void Execute() => action();
}
