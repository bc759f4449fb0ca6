using System;
using System.Runtime.CompilerServices;
using System.Threading;
using AotServe.Workers;

namespace AotServe.Tests.Workers.Interleavings;

/// <summary>
/// The pool as the tests see it. <see cref="ExploredAssembly"/> compiles this file once more, together with the explored classes; here it is
/// only checked.
/// </summary>
internal sealed class ExploredPool(int threads, int mostActive, IExploredSource? source, Action<Exception> fault, Action watchNeeded) : IExploredPool
{
    private const int ItemsOfLongOne = 64;

    private readonly WorkerPool _pool = new(threads, source is null ? null : new Source(source), new WorkerPoolOptions
    {
        MostActive = mostActive,
        ReportFault = fault,
        WatchNeeded = watchNeeded,
    });

    public object CurrentWorker => State(Worker.Current!);

    public void Execute(IThreadPoolWorkItem item) => _pool.Execute(item);

    public void ExecuteNext(IThreadPoolWorkItem item) => _pool.ExecuteNext(item);

    public void BeginBlocking() => WorkerPool.BeginBlocking();

    public void EndBlocking() => WorkerPool.EndBlocking();

    public void ChargeLongItem() => WorkerPool.Charge(ItemsOfLongOne);

    public bool Look() => _pool.Look();

    public (int Waiting, int Sleeping, int Queued) Count() => _pool.Count();

    public void NoteTurns(ref int[] turns) => _pool.Readers.Note(ref turns);

    public bool AreTurnsOver(int[] turns) => _pool.Readers.AreOver(turns);

    public bool IsRecalled(object worker) => Recalled((WorkerState)worker);

    public int CountLateRecalls()
    {
        int count = 0;
        foreach (WorkerState worker in Queue(_pool).Workers.All)
        {
            count += worker.Phase == WorkerPhase.Waiting && worker.IsRecalled ? 1 : 0;
        }

        return count;
    }

    public void Dispose() => _pool.Dispose();

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_state")]
    private static extern ref WorkerState State(Worker worker);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_queue")]
    private static extern ref WorkQueue Queue(WorkerPool pool);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_isRecalled")]
    private static extern ref bool Recalled(WorkerState state);

    private sealed class Source(IExploredSource source) : IWorkSource
    {
        public int MostWaiting => source.MostWaiting;

        public int WaitForWork(IThreadPoolWorkItem[] ready, bool mayWait) => source.WaitForWork(ready, mayWait);

        public void Wake() => source.Wake();
    }
}
