using System;
using System.IO;
using AotServe.Handover;
using Xunit;

namespace AotServe.Tests.Handover;

/// <summary>Which file a successor is started from.</summary>
public sealed class ReplacementTests
{
    [Theory]
    [InlineData("./aotserve", "aotserve", "./aotserve")]
    [InlineData("/srv/current/aotserve", "aotserve", "/srv/current/aotserve")]
    [InlineData("/dev/fd/7", "/usr/local/bin/aotserve", "/usr/local/bin/aotserve")]
    [InlineData("/proc/self/fd/7", "/usr/local/bin/aotserve", "/usr/local/bin/aotserve")]
    [InlineData(null, "/usr/local/bin/aotserve", "/usr/local/bin/aotserve")]
    public void It_is_started_from_the_path_that_this_one_was_started_by(string? executed, string invoked, string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("Only there.");
            return;
        }

        Assert.Equal(path, Replacement.ProgramPath(executed, invoked));
    }

    [Fact]
    public void Where_only_the_open_file_is_known_it_is_started_from_that_files_path()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("Only there.");
            return;
        }

        string own = new FileInfo("/proc/self/exe").LinkTarget!;
        Assert.Equal(own, Replacement.ProgramPath("/dev/fd/7", "aotserve"));
        Assert.Equal(own, Replacement.ProgramPath("", ""));
    }
}
