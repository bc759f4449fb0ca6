using System.Collections.Generic;
using System.Threading;

namespace AotServe.Http;

/// <summary>
/// Work that a response waits for, and that takes too long for a worker: another thread does it. When it is done, the request
/// is handled again from the beginning, and the handler finds the result in <see cref="Response.Resumed"/>. Several requests
/// may wait for the same work. Any thread may call.
/// </summary>
internal abstract class Deferral
{
    private readonly List<IResumable> _waiting = [];
    private bool _isDone;

    /// <summary>Whether the work is done, with whatever result.</summary>
    public bool IsDone => Volatile.Read(ref _isDone);

    /// <summary>Has <paramref name="waiting"/> resumed when the work is done. False: it is done already.</summary>
    public bool TryAdd(IResumable waiting)
    {
        lock (_waiting)
        {
            if (!_isDone)
            {
                _waiting.Add(waiting);
            }

            return !_isDone;
        }
    }

    /// <summary>Forgets one that no longer waits. It may be resumed all the same, if that has begun.</summary>
    public void Remove(IResumable waiting)
    {
        lock (_waiting)
        {
            _waiting.Remove(waiting);
        }
    }

    /// <summary>The work is done: resumes all who wait. Called once; the result must be set by then.</summary>
    protected void Complete()
    {
        IResumable[] resumed;
        lock (_waiting)
        {
            Volatile.Write(ref _isDone, true);
            resumed = [.. _waiting];
            _waiting.Clear();
        }

        foreach (IResumable waiting in resumed)
        {
            waiting.Resume();
        }
    }
}
