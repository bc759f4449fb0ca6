using System;
using System.IO;
using System.Runtime.Versioning;
using AotServe.Sandbox;
using Xunit;

namespace AotServe.Tests.Sandbox;

/// <summary>Where links lead, as the sandbox follows them.</summary>
[SupportedOSPlatform("linux")]
public sealed class DeployFoldersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(511)]
    [InlineData(512)]
    [InlineData(513)]
    [InlineData(4095)]
    public void A_link_is_read_whole_however_long_it_is(int length)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Landlock is Linux's.");
        string target = new('/', length);
        File.CreateSymbolicLink(_folder["link"], target);
        Assert.Equal(target, DeployFolders.ReadLink(_folder["link"]));
    }

    [Fact]
    public void What_is_no_link_leads_nowhere()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Landlock is Linux's.");
        _folder.Write("file", "");
        Assert.Null(DeployFolders.ReadLink(_folder["file"]));
        Assert.Null(DeployFolders.ReadLink(_folder["none"]));
        Assert.Null(DeployFolders.ReadLink(_folder.Root));
    }

    [Fact]
    public void A_program_that_is_reached_through_a_long_link_may_have_its_successors_there()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Landlock is Linux's.");
        _folder.Write("releases/1/bin/program", "");
        File.CreateSymbolicLink(_folder["current"], string.Concat(new string('/', 600), _folder["releases/1"]));
        Assert.Contains(_folder["current/bin"], DeployFolders.OfProgram(_folder["current/bin/program"]));
        Assert.Contains(_folder["releases/1"], DeployFolders.OfProgram(_folder["current/bin/program"]));
    }
}
