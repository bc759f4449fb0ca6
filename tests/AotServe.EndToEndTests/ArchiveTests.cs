using System;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary><c>publish.sh --archive</c>.</summary>
public sealed class ArchiveTests : IDisposable
{
    private readonly PublishedServer _published;
    private readonly TemporaryFolder _folder = new();

    public ArchiveTests(PublishedServer published)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "publish.ps1 makes no archive, and the units are for Linux.");
        _published = published;
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_holds_the_binary_with_all_that_it_prints_and_is_the_same_each_time()
    {
        string binary = _published.Binary; // So that there is nothing to compile any more.
        string packed = Assert.Single(Pack(), name => name.EndsWith(".tar.gz", StringComparison.Ordinal));
        byte[] first = File.ReadAllBytes(packed);
        File.Delete(packed);
        Assert.Equal(packed, Assert.Single(Pack(), name => name.EndsWith(".tar.gz", StringComparison.Ordinal)));
        Assert.True(first.AsSpan().SequenceEqual(File.ReadAllBytes(packed)));

        string name = Path.GetFileName(packed)[..^".tar.gz".Length];
        Assert.Matches(@"^aotserve-\d+\.\d+\.\d+-linux(-musl)?-(x64|arm64|arm)$", name);
        Assert.Equal(0, Tool.RunIn(_folder.Root, "tar", "xzf", packed).Code);
        string[] files = ["Dockerfile", "SHA256SUMS", "aotserve", "completions/_aotserve", "completions/aotserve.bash", "completions/aotserve.fish", "man/aotserve.8", "systemd/aotserve.service", "systemd/aotserve.socket"];
        Assert.Equal(files, Directory.EnumerateFiles(_folder[name], "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(_folder[name], file)).Order(StringComparer.Ordinal));
        Assert.Equal(0, Tool.RunIn(_folder[name], "sha256sum", "--check", "--strict", "SHA256SUMS").Code);
        Assert.Equal(files.Length - 1, File.ReadLines(_folder[name + "/SHA256SUMS"]).Count());

        Assert.True(File.ReadAllBytes(binary).AsSpan().SequenceEqual(File.ReadAllBytes(_folder[name + "/aotserve"])));
        Assert.Equal(Tool.Run(binary, "print", "man").Out, File.ReadAllText(_folder[name + "/man/aotserve.8"]));
        Assert.Contains("\nExecStart=/usr/local/bin/aotserve /srv/www --port 80\n", File.ReadAllText(_folder[name + "/systemd/aotserve.service"]), StringComparison.Ordinal);
        Assert.Contains("\nListenStream=80\n", File.ReadAllText(_folder[name + "/systemd/aotserve.socket"]), StringComparison.Ordinal);
        Assert.All(files, file => Assert.DoesNotContain("/tmp/aotserve-archive", File.ReadAllText(_folder[name + "/" + file]), StringComparison.Ordinal));
    }

    [Fact]
    public void What_users_do_not_get_cannot_be_packed() => AssertCannotBePacked("--test-hooks");

    // Its binary would be in the place of the one that prints.
    [Fact]
    public void For_another_machine_nothing_is_packed_without_a_server_that_runs_here()
    {
        bool onX64 = RuntimeInformation.OSArchitecture == Architecture.X64;
        Tool.Require(onX64 ? "aarch64-linux-gnu-gcc" : "x86_64-linux-gnu-gcc");
        AssertCannotBePacked("--rid", onX64 ? "linux-arm64" : "linux-x64");
    }

    private static void AssertCannotBePacked(params string[] options)
    {
        (int code, string output, string error) = Tool.RunIn(Repository.Root, "bash", ["publish.sh", "--archive", .. options]);
        Assert.Equal((2, ""), (code, output));
        Assert.Matches(@"^publish\.sh: --archive [^\n]+\n$", error);
    }

    private string[] Pack()
    {
        // A copy of the published binary is up to date where the script finds it so; it compiles nothing then.
        (int code, string output, string error) = Tool.RunIn(Repository.Root, "bash", "publish.sh", "--archive", "--output", _published.Binary);
        Assert.True(code == 0, error);
        return [.. output.Split('\n').Where(line => line.Length > 0).Select(line => Path.GetFullPath(line.Split(' ')[0], Repository.Root))];
    }
}
