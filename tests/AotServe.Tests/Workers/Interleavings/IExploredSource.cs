using System.Threading;

namespace AotServe.Tests.Workers.Interleavings;

/// <summary>An <c>IWorkSource</c> for the explored assembly, of which the tests know no type.</summary>
internal interface IExploredSource
{
    int MostWaiting { get; }

    int WaitForWork(IThreadPoolWorkItem[] ready, bool mayWait);

    void Wake();
}
