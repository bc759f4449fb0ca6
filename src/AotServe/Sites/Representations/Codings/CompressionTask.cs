using System.Threading;

namespace AotServe.Sites.Representations.Codings;

/// <summary>One coding of a file that is to be made, by the compressor's thread.</summary>
internal sealed class CompressionTask(CompressedFiles files, CompressedFile file, ContentCodings coding) : IThreadPoolWorkItem
{
    public void Execute() => files.Compress(file, coding);
}
