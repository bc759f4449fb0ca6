using System;
using System.Collections.Generic;
using System.IO;
using System.Text;

namespace AotServe.Attacks;

internal sealed class WithheldFilesAttack : Attack
{
    private const string Secret = "ann:$pbkdf2-sha256$i=1000$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    public override string Name => "withheld";

    public override string What => "an auth file that is replaced all the time, rule files of other roots, hidden files behind links and precompressed";

    public override void Run(Target target, List<Figure> figures)
    {
        string top = Target.MakeFolder();
        try
        {
            string release = Path.Combine(top, "releases", "1");
            Directory.CreateDirectory(Path.Combine(release, "inner"));
            Directory.CreateDirectory(Path.Combine(release, "drafts"));
            string current = Path.Combine(top, "current");
            Directory.CreateSymbolicLink(current, Path.Combine("releases", "1"));
            string users = Path.Combine(current, "users");
            Write(users, Secret);
            File.CreateSymbolicLink(Path.Combine(release, "link"), "users");
            Write(Path.Combine(release, "inner", "_headers"), "/*\n  X-Secret: ann");
            Write(Path.Combine(release, "secret.html"), Secret);
            foreach (string suffix in (string[])["gz", "br", "zst"])
            {
                Write(Path.Combine(release, $"secret.html.{suffix}"), Secret);
            }

            Write(Path.Combine(release, "drafts", "a.txt"), Secret);
            Directory.CreateSymbolicLink(Path.Combine(release, "shown"), "drafts");

            // No --auth-file for those who ask: the users of another vhost's folder are what is asked for. The password is unknown,
            // so signing in is not possible; the file is withheld all the same where it is used by a second server.
            using RunningTarget server = target.Serve(
                current, "--hide", "secret.html", "--hide", "/drafts", "--vhost", $"inner.example={Path.Combine(release, "inner")}");
            int served = 0;
            foreach (string path in (string[])["/inner/_headers", "/secret.html", "/secret.html.gz", "/secret.html.br", "/secret.html.zst", "/shown/a.txt", "/shown/"])
            {
                served += Encoding.Latin1.GetString(server.Ask(path)).Contains("ann", StringComparison.Ordinal) ? 1 : 0;
            }

            figures.Add(new Figure("hidden files and rule files that were served", served, 0, ""));

            string hash = Hash(target.Binary);
            Write(users, hash);
            using RunningTarget guarded = target.Serve(current, "--auth-file", users);
            string signedIn = $"Authorization: Basic {Convert.ToBase64String("ann:right"u8)}\r\n";
            guarded.Ask("/inner/", fields: signedIn);
            int leaked = 0;
            for (int i = 0; i < 300; i++)
            {
                Write(users + ".new", hash + $"\n# {i}");
                File.Move(users + ".new", users, overwrite: true);
                foreach (string path in (string[])["/users", "/link"])
                {
                    leaked += Encoding.Latin1.GetString(guarded.Ask(path, fields: signedIn)).Contains("pbkdf2", StringComparison.Ordinal) ? 1 : 0;
                }
            }

            figures.Add(new Figure("answers with the auth file, of 600, while it is replaced", leaked, 0, ""));
        }
        finally
        {
            Directory.Delete(top, recursive: true);
        }
    }

    private static string Hash(string binary)
    {
        using System.Diagnostics.Process process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(binary, ["hash-password", "--user", "ann"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        }) ?? throw new InvalidOperationException("hash-password did not start.");
        process.StandardInput.WriteLine("right");
        process.StandardInput.Close();
        string hash = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return hash;
    }

    private static void Write(string path, string text)
    {
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
