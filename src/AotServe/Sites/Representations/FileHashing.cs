using System.Threading;
using AotServe.Files;

namespace AotServe.Sites.Representations;

/// <summary>A large file that is to be hashed by the thread of <see cref="FileHashes"/>.</summary>
/// <param name="hashes">Who remembers the hash.</param>
/// <param name="root">The folder that the file was opened in.</param>
/// <param name="version">How the folder described it.</param>
/// <param name="file">The file, with a reference of its own.</param>
internal sealed class FileHashing(FileHashes hashes, RootFolder root, FileEntry version, SharedFile file) : IThreadPoolWorkItem
{
    /// <summary>The file, with the reference that whoever drops this disposes of.</summary>
    public SharedFile File => file;

    public void Execute() => hashes.Hash(root, version, file);
}
