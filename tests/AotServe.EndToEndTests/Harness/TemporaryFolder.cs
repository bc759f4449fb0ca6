using System;
using System.IO;

namespace AotServe.EndToEndTests.Harness;

/// <summary>A folder of its own for a test, removed with it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    /// <summary>The full path.</summary>
    public string FullPath { get; } = Directory.CreateTempSubdirectory("aotserve-").FullName;

    /// <summary>The full path of something beneath.</summary>
    public string this[string relative] => Path.Combine(FullPath, relative);

    /// <summary>Writes a file, with the folders above it; gives its full path.</summary>
    public string Write(string relative, string text)
    {
        string path = this[relative];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Writes a file of random bytes, the same for the same length; gives the bytes.</summary>
    public byte[] WriteRandom(string relative, int length)
    {
        byte[] content = new byte[length];
        new Random(length).NextBytes(content);
        File.WriteAllBytes(this[relative], content);
        return content;
    }

    /// <summary>Removes it with all that is in it.</summary>
    public void Dispose() => Directory.Delete(FullPath, recursive: true);
}
