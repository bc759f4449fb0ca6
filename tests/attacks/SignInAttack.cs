using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Threading;

namespace AotServe.Attacks;

internal sealed class SignInAttack : Attack
{
    public override string Name => "sign-in";

    public override string What => "40 addresses guess a password each second, while users sign in from other networks; one worker";

    public override void Run(Target target, List<Figure> figures)
    {
        string folder = Target.MakeFolder();
        string users = folder + ".users";
        try
        {
            File.WriteAllText(Path.Combine(folder, "index.html"), "page");
            File.WriteAllLines(users, Enumerable.Range(0, 50).Select(i => $"user{i}:{Hash($"right{i}", 600_000)}").Append($"cheap:{Hash("right", 1_000)}"));
            File.SetUnixFileMode(users, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            using RunningTarget server = target.Serve(folder, "--auth-file", users, "--threads", "1");
            server.Ask("/", "127.0.2.1", "GET", Basic("user0:right0"));
            using var crowd = new Crowd();
            using var normal = new NormalClient(server, "/", fields: Basic("user0:right0"), source: "127.0.2.1");
            crowd.Start(40, i =>
            {
                server.Ask("/", $"127.0.1.{1 + i}", "GET", Basic($"user1:guess {i} {Stopwatch.GetTimestamp()}"));
                Thread.Sleep(1_000);
            });
            Thread.Sleep(2_000);
            int refused = 0;
            double longest = 0;
            for (int i = 2; i < 12; i++)
            {
                long start = Stopwatch.GetTimestamp();
                refused += server.StatusOf("/", $"127.0.{10 + i}.1", Basic($"user{i}:right{i}")) == 200 ? 0 : 1;
                longest = Math.Max(longest, Stopwatch.GetElapsedTime(start).TotalSeconds);
            }

            figures.Add(new Figure("sign-ins of users that were refused, of 10", refused, 0, ""));
            figures.Add(new Figure("the longest that a user waited to be signed in", longest, 5, "s"));
            figures.Add(new Figure("p99 of a user who is signed in", normal.Wait(990), 50, "ms"));
            crowd.Dispose();
            (double cheap, double unknown) = Medians(server, "cheap:wrong", "nobody:wrong");
            figures.Add(new Figure("time for a user with a cheap hash and for an unknown one, apart by", Math.Abs(cheap - unknown) / unknown * 100, 20, "%"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
            File.Delete(users);
        }
    }

    /// <summary>The usual times of two kinds of tries, ms, by turns: what else the machine does falls on both.</summary>
    private static (double One, double Other) Medians(RunningTarget server, string one, string other)
    {
        const int Turns = 9;
        var times = new List<double>[] { [], [] };
        for (int turn = 0; turn < 2 * Turns; turn++)
        {
            long start = Stopwatch.GetTimestamp();
            server.Ask("/", $"127.0.{30 + turn}.1", "GET", Basic($"{(turn % 2 == 0 ? one : other)}{turn}"));
            times[turn % 2].Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        times[0].Sort();
        times[1].Sort();
        return (times[0][Turns / 2], times[1][Turns / 2]);
    }

    private static string Basic(string credentials) => $"Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials))}\r\n";

    private static string Hash(string password, int iterations)
    {
        byte[] salt = RandomNumberGenerator.GetBytes(16);
        byte[] key = Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA256, 32);
        return $"$pbkdf2-sha256$i={iterations}${Convert.ToBase64String(salt).TrimEnd('=')}${Convert.ToBase64String(key).TrimEnd('=')}";
    }
}
