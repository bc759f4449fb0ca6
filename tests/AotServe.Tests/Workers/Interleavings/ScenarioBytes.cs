namespace AotServe.Tests.Workers.Interleavings;

/// <summary>
/// Bytes of a scenario, which items use and another thread takes out of reach and writes again: as <c>SharedBytesPool</c> does, with the readers that the
/// explored pool knows.
/// </summary>
internal sealed class ScenarioBytes(Schedule schedule)
{
    private bool _isInReach = true;
    private bool _isRewritten;
    private int[] _turns = [];

    /// <summary>Whether an item finds the bytes.</summary>
    public bool IsFound()
    {
        bool isFound = ControlledVolatile.Read(this, "reach", ref _isInReach);
        schedule.Drain(); // The rest of an item takes longer than a processor keeps what it has written.
        return isFound;
    }

    /// <summary>An item uses the bytes that it has found.</summary>
    public void Use()
    {
        schedule.Point("uses", "the bytes");
        schedule.NoteRead(schedule.Place(this, "bytes"));
        if (_isRewritten)
        {
            schedule.Fail("The bytes are written again while an item uses them.");
        }
    }

    /// <summary>Takes the bytes out of reach, and notes who may use them.</summary>
    public void GiveUp(IExploredPool pool)
    {
        ControlledVolatile.Write(this, "reach", ref _isInReach, false);
        pool.NoteTurns(ref _turns);
    }

    /// <summary>Writes the bytes again if nobody can use them any more.</summary>
    /// <param name="pool">Knows that.</param>
    /// <param name="mustBePossible">Whether it is a fault if somebody can.</param>
    public void Rewrite(IExploredPool pool, bool mustBePossible)
    {
        if (pool.AreTurnsOver(_turns))
        {
            schedule.Point("writes", "the bytes");
            schedule.NoteWrite(schedule.Place(this, "bytes"));
            _isRewritten = true;
        }
        else if (mustBePossible)
        {
            schedule.Fail("Nobody uses the bytes, and they cannot be written again.");
        }
    }
}
