namespace AotServe.Buffers;

/// <summary>
/// Threads that read shared memory without a lock and without counting themselves, each in turns: what a turn has found it does not use in
/// the next one. So memory that nobody finds any more may be written again once all turns of that moment are over (a grace period, as
/// read-copy-update has it). Any thread may call.
/// </summary>
internal interface IReaders
{
    /// <summary>Notes which turns there are just now. Each that begins later sees all that the caller has written.</summary>
    /// <param name="turns">What <see cref="AreOver"/> is to be asked with. Written again, or replaced where it is too short.</param>
    void Note(ref int[] turns);

    /// <summary>Whether all turns of a moment are over.</summary>
    bool AreOver(int[] turns);
}
