using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Threading.Tasks;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary>publish.sh: what stops it is one line with the way out, and what it makes does not depend on where it lies.</summary>
public sealed class PublishScriptTests(PublishedServer published)
{
    private static readonly string Script = Path.Combine(Repository.Root, "publish.sh");

    [Theory]
    [InlineData("linux-arm")]
    [InlineData("linux-musl-arm")]
    [InlineData("win-x64")]
    [InlineData("linux-x64x")]
    public void A_platform_that_it_cannot_publish_for_is_refused(string rid) =>
        AssertFails(Run(["bash", Script, "--rid", rid]), 2, $"--rid {rid}: here it is linux-, linux-musl- or osx- and x64 or arm64");

    [Fact]
    public void Another_shell_is_told_that_it_takes_bash()
    {
        Assert.SkipUnless(File.Exists("/bin/dash"), "There is no other shell than bash here.");
        AssertFails(Run(["/bin/dash", Script]), 2, "run ./publish.sh or bash publish.sh");
    }

    [Theory]
    [InlineData("nowhere")]
    [InlineData("file")]
    public void A_TMPDIR_that_is_no_folder_is_named(string name)
    {
        SkipWindows();
        using var folder = new TemporaryFolder();
        folder.Write("file", "");

        Outcome outcome = Run(["bash", Script], ("TMPDIR", folder[name]));

        AssertFails(outcome, 1, $"TMPDIR: {folder[name]} is no folder that can be written to: unset TMPDIR");
    }

    [Theory, UnsupportedOSPlatform("windows")]
    [InlineData("", "", false)]
    [InlineData("this", "", false)] // What a compiler finds in /usr/lib may be this machine's.
    [InlineData("", "this", false)]
    [InlineData("other", "", true)]
    [InlineData("", "other", true)]
    [InlineData("this", "other", true)]
    public void TLS_for_another_processor_takes_libraries_for_it(string installed, string named, bool found)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "TLS is there on Linux only.");
        bool onX64 = RuntimeInformation.OSArchitecture == Architecture.X64;
        (string rid, string compiler, string package) = onX64
            ? ("linux-arm64", "aarch64-linux-gnu-gcc", "libssl-dev:arm64")
            : ("linux-x64", "x86_64-linux-gnu-gcc", "libssl-dev:amd64");
        using var folder = new TemporaryFolder();
        folder.Write("bin/" + compiler, $$"""
            #!/bin/sh
            name="${1#-print-file-name=}"
            if [ -f "{{folder.Root}}/installed/$name" ]; then echo "{{folder.Root}}/installed/$name"; else echo "$name"; fi
            """);
        File.SetUnixFileMode(folder["bin/" + compiler], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        WriteLibraries("installed", installed);
        WriteLibraries("a folder", named);

        // TMPDIR is looked at after the libraries: it stops what has found them.
        Outcome outcome = Run(["bash", Script, "--dynamic", "--tls", "--rid", rid],
            ("PATH", $"{folder["bin"]}:{Environment.GetEnvironmentVariable("PATH")}"),
            ("LIBRARY_PATH", $"{folder["nowhere"]}:{folder["a folder"]}"),
            ("TMPDIR", folder["nowhere"]));

        AssertFails(outcome, 1, found ? "TMPDIR: " : $"--tls: no libssl.a for {rid} here: install OpenSSL's static libraries (Debian, Ubuntu: apt install {package})");

        // Archives of one member, of which there is the start of its header (elf(5)).
        void WriteLibraries(string name, string processor)
        {
            byte machine = processor == "this" == onX64 ? (byte)62 : (byte)183;
            byte[] archive = [.. "!<arch>\n\u007fELF"u8, .. new byte[14], machine, 0];
            folder.MakeFolder(name);
            foreach (string library in processor.Length > 0 ? (string[])["libssl.a", "libcrypto.a"] : [])
            {
                File.WriteAllBytes(folder[name + "/" + library], archive);
            }
        }
    }

    [Fact]
    public void A_link_to_it_publishes_the_tree_that_it_lies_in_and_what_cannot_be_written_there_is_named()
    {
        SkipWindows();
        using var folder = new TemporaryFolder();
        folder.Write("tree/publish.sh", File.ReadAllText(Script));
        // Stands for a tree that is read-only, which it is not to root.
        string blocked = folder.Write("tree/.artifacts", "");
        folder.Link("first", "tree/publish.sh");
        folder.MakeFolder("bin");
        folder.Link("bin/second", "../first");

        AssertFails(Run(["bash", folder["bin/second"]]), 1, $"cannot write to {blocked}: publish as the user who can, or from a copy");
    }

    [Fact]
    public void A_feed_that_cannot_be_reached_is_named_and_no_other_framework_is_tried()
    {
        SkipWindows();
        using var folder = new TemporaryFolder();
        CopyTree(folder.Root);
        // Nobody listens there, and nothing was restored yet.
        folder.Write("nuget.config", """
            <configuration>
              <packageSources>
                <clear />
                <add key="nobody" value="https://127.0.0.1:1/index.json" />
              </packageSources>
            </configuration>
            """);

        Outcome outcome = Run(["bash", folder["publish.sh"]], ("NUGET_PACKAGES", folder["packages"]));

        AssertFails(outcome, 1, "cannot restore the Native AOT compiler");
        Assert.Contains("https://127.0.0.1:1/index.json", outcome.Stderr, StringComparison.Ordinal);
        Assert.Contains("connect to a network for the first publish", outcome.Stderr, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_source_gives_the_same_bytes_in_another_folder()
    {
        SkipWindows();
        using var folder = new TemporaryFolder();
        string tree = folder["a tree, of=another name"];
        CopyTree(tree);

        Outcome outcome = Run(["bash", Path.Combine(tree, "publish.sh")]);

        Assert.True(outcome.ExitCode == 0, outcome.Stderr);
        Assert.Equal(Hash(published.Binary), Hash(Path.Combine(tree, "aotserve")));
        Assert.Contains($"sha256:{Hash(published.Binary)}", outcome.Stdout, StringComparison.Ordinal);
    }

    private static void SkipWindows() => Assert.SkipWhen(OperatingSystem.IsWindows(), "publish.sh is for Linux and macOS.");

    private static string Hash(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));

    /// <summary>Copies what a publish needs, without what earlier ones left.</summary>
    private static void CopyTree(string target)
    {
        string source = Path.Combine(Repository.Root, "src");
        IEnumerable<string> files = Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(source, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
            .Concat([Script, Path.Combine(Repository.Root, ".editorconfig")]);
        foreach (string file in files)
        {
            string copy = Path.Combine(target, Path.GetRelativePath(Repository.Root, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private static void AssertFails(Outcome outcome, int code, string line)
    {
        Assert.Equal("", outcome.Stdout);
        Assert.StartsWith("publish.sh: ", outcome.Stderr, StringComparison.Ordinal);
        Assert.Contains(line, outcome.Stderr, StringComparison.Ordinal);
        Assert.Single(outcome.Stderr.TrimEnd('\n').Split('\n'));
        Assert.Equal(code, outcome.ExitCode);
    }

    private static Outcome Run(string[] command, params (string Name, string Value)[] environment)
    {
        SkipWindows();
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> stderr = process.StandardError.ReadToEndAsync();
        string stdout = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new Outcome(process.ExitCode, stdout, stderr.Result);
    }

    private sealed record Outcome(int ExitCode, string Stdout, string Stderr);
}
