using System.IO;
using System.Text;
using AotServe.Files;
using Xunit;

namespace AotServe.Tests.Files;

/// <summary>Waits for what makes a file fit for a cache.</summary>
internal static class Settled
{
    /// <summary>Waits until the clock of the file system has ticked since the file was written or its time was set.</summary>
    public static FileEntry Await(string path)
    {
        using var folder = RootFolder.Open(Path.GetDirectoryName(path)!);
        return Eventually.Is(
            () =>
            {
                Assert.Equal(FileOutcome.Found, folder.Find(Encoding.UTF8.GetBytes(Path.GetFileName(path)), out FileEntry entry));
                return entry;
            },
            entry => entry.IsSettledNow,
            "the file has settled");
    }
}
