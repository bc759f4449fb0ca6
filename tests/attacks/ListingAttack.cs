using System.Collections.Generic;
using System.IO;
using System.Threading;

namespace AotServe.Attacks;

internal sealed class ListingAttack : Attack
{
    public override string Name => "listing";

    public override string What => "16 clients list a folder of 50,000 names over and over; then HEAD";

    public override void Run(Target target, List<Figure> figures)
    {
        string folder = Target.MakeFolder();
        try
        {
            string large = Path.Combine(folder, "large");
            Directory.CreateDirectory(large);
            for (int i = 0; i < 50_000; i++)
            {
                File.WriteAllText(Path.Combine(large, $"file-{i}.txt"), "");
            }

            File.WriteAllText(Path.Combine(folder, "small.txt"), "small");
            using RunningTarget server = target.Serve(folder, "--listing", "--buffer-memory", "64");
            using (var crowd = new Crowd())
            {
                using var normal = new NormalClient(server, "/small.txt");
                crowd.Start(16, i => server.AskAndForget("/large/", $"127.0.1.{1 + i}"));
                Thread.Sleep(6_000);
                figures.Add(new Figure("p99 of a normal client", normal.Wait(990), 20, "ms"));
                figures.Add(new Figure("peak memory; 64 MiB of buffers, 32 of cache, 20 MB", server.PeakMemory, 67 + 34 + 20, "MB"));
            }

            const int Heads = 100;
            double before = server.CpuTime;
            for (int i = 0; i < Heads; i++)
            {
                server.Ask("/large/?sort=time", method: "HEAD");
            }

            figures.Add(new Figure("processor time of a HEAD", (server.CpuTime - before) / Heads, 0.5, "ms"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
