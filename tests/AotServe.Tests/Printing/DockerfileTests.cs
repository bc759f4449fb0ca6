using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using AotServe.Cli;
using AotServe.Printing;
using AotServe.Tests.Cli;
using Xunit;

namespace AotServe.Tests.Printing;

/// <summary><c>print dockerfile</c>.</summary>
public sealed class DockerfileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_is_that_of_the_README()
    {
        Directory.CreateDirectory(_folder["www"]);
        Assert.Equal(
            """
            # docker build -t aotserve .
            FROM scratch
            COPY aotserve /aotserve
            COPY www /www
            USER 65534:65534
            EXPOSE 7878
            STOPSIGNAL SIGTERM
            ENTRYPOINT ["/aotserve"]
            CMD ["/www", "--shutdown-timeout", "8"]

            """,
            Make(_folder["www"]));
    }

    [Fact]
    public void Folders_are_copied_and_the_options_name_the_copies()
    {
        Directory.CreateDirectory(_folder["sub/my \"$site[1]"]);
        string text = Make(_folder["sub/my \"$site[1]"], "--vhost", "*.a.example=" + _folder.Root, "--hide", "a\"b\\", "--shutdown-timeout=5", "--port", "80", "--user", "7");
        Assert.Equal(["aotserve /aotserve", """["sub/my \"\\$site[[]1]", "/www"]""", ". /hosts/_.a.example"], Lines(text, "COPY"));
        Assert.Equal(["7"], Lines(text, "USER"));
        Assert.Equal(["80"], Lines(text, "EXPOSE"));
        string[] command = JsonSerializer.Deserialize<string[]>(Assert.Single(Lines(text, "CMD")))!;
        Assert.Equal(["/www", "--vhost", "*.a.example=/hosts/_.a.example", "--hide", "a\"b\\", "--shutdown-timeout", "5", "--port", "80"], command);
        Assert.Null(CommandLine.Parse([.. command.Skip(3)], _ => null).Error);
    }

    [Fact]
    public void A_health_check_asks_what_the_server_answers()
    {
        Assert.Equal(["""CMD ["/aotserve", "healthcheck", "http://127.0.0.1:80/healthz"]"""], Lines(Make("--health", "/healthz", "--port", "80"), "HEALTHCHECK"));
        Assert.Equal(["""CMD ["/aotserve", "healthcheck", "http://[::1]:7878/h"]"""], Lines(Make("--health", "/h", "--bind", "::"), "HEALTHCHECK"));
        Assert.Empty(Lines(Make("--port", "80"), "HEALTHCHECK"));
        Assert.Empty(Lines(Make("--health", "/h", "--port", "0"), "EXPOSE"));
    }

    [Fact]
    public void What_is_no_part_of_an_image_is_named()
    {
        File.WriteAllText(_folder["users"], "");
        string text = Make(_folder.Root, "--auth-file", _folder["users"], "--access-log", "-");
        Assert.Contains($"# --auth-file: docker run needs a --volume for '{_folder.Root}'\n", text);
        Assert.DoesNotContain("# --access-log", text);
    }

    [Fact]
    public void A_user_is_a_number()
    {
        ParsedCommand.PrintText asked = Unit.Parse("dockerfile", "--user", "www-data");
        Assert.False(Dockerfile.TryMake(asked.Options, asked.Given, _folder.Root, out _, out string? error));
        Assert.Contains("give numbers such as 65534:65534", error);
    }

    private static string[] Lines(string text, string instruction) =>
        [.. text.Split('\n').Where(line => line.StartsWith(instruction + " ", StringComparison.Ordinal)).Select(line => line[(instruction.Length + 1)..])];

    private string Make(params string[] arguments)
    {
        ParsedCommand.PrintText asked = Unit.Parse("dockerfile", arguments);
        Assert.True(Dockerfile.TryMake(asked.Options, asked.Given, _folder.Root, out string? text, out string? error), error);
        return text;
    }
}
