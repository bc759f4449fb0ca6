using System.Threading;

namespace AotServe.Sites.Representations.Codings;

/// <summary>
/// Which precompressed files were found to have, for the rest of the second in which they were looked for: what is asked for
/// often costs no system calls for names that are not there. May be used from any thread; allocates nothing.
/// </summary>
/// <remarks>
/// A table of a fixed size in which newer answers take the place of older ones. An answer is one word, so that it is read
/// and written whole: 40 bits of the hash, 21 of the second, 3 for the set. The hash covers the file's time and size: a
/// file that was changed is looked at anew. Should two files have one hash, a sibling goes unused for a second.
/// </remarks>
internal sealed class PrecompressedCache
{
    private const int Slots = 1024;
    private const int SetBits = 3;
    private const int SecondBits = 21;
    private const ulong SetMask = (1 << SetBits) - 1;
    private const ulong SecondMask = (1 << SecondBits) - 1;

    private readonly ulong[] _answers = new ulong[Slots];

    /// <summary>What <see cref="Remember"/> was told in the second <paramref name="now"/>; false: nothing.</summary>
    public bool TryRecall(ulong file, long now, out ContentCodings precompressed)
    {
        ulong answer = Volatile.Read(ref _answers[file % Slots]);
        precompressed = (ContentCodings)(answer & SetMask);
        return (answer & ~SetMask) == KeyOf(file, now);
    }

    /// <summary>Notes which precompressed the file with the hash <paramref name="file"/> has at <paramref name="now"/>.</summary>
    public void Remember(ulong file, long now, ContentCodings precompressed) =>
        Volatile.Write(ref _answers[file % Slots], KeyOf(file, now) | (ulong)precompressed);

    private static ulong KeyOf(ulong file, long now) =>
        (file & ~((1UL << (SecondBits + SetBits)) - 1)) | (((ulong)now & SecondMask) << SetBits);
}
