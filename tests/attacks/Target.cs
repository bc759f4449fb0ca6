using System.IO;

namespace AotServe.Attacks;

/// <summary>What is attacked.</summary>
/// <param name="Binary">The executable.</param>
/// <param name="Poller">Of the server.</param>
internal sealed record Target(string Binary, string Poller)
{
    /// <summary>Starts a server; the caller disposes of it.</summary>
    public RunningTarget Serve(params string[] arguments) =>
        new(Binary, ["--port", "0", "--bind", "127.0.0.1", "--poller", Poller, .. arguments]);

    /// <summary>A folder for a site; the caller deletes it.</summary>
    public static string MakeFolder() => Directory.CreateTempSubdirectory("aotserve-attack-").FullName;
}
