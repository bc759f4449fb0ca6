using System.Collections.Generic;
using System.IO;
using System.Threading;

namespace AotServe.Attacks;

internal sealed class HeldListingsAttack : Attack
{
    public override string Name => "held-listings";

    public override string What => "250 clients ask for listings of a large folder, in all orders, and do not read them; --buffer-memory 16";

    public override void Run(Target target, List<Figure> figures)
    {
        string folder = Target.MakeFolder();
        try
        {
            for (int i = 0; i < 20_000; i++)
            {
                File.WriteAllText(Path.Combine(folder, $"file-{i}.txt"), "");
            }

            using RunningTarget server = target.Serve(folder, "--listing", "--buffer-memory", "16");
            using var crowd = new Crowd();
            using var normal = new NormalClient(server, "/file-1.txt");
            string[] queries = ["", "?order=desc", "?sort=size", "?sort=size&order=desc", "?sort=time", "?sort=time&order=desc"];
            for (int i = 0; i < 250; i++)
            {
                crowd.Hold(server, $"127.0.1.{1 + (i % 250)}", $"GET /{queries[i % 6]} HTTP/1.1\r\nHost: x\r\n\r\n", 4096);
            }

            Thread.Sleep(8_000);
            figures.Add(new Figure("peak memory; 16 MiB of buffers, 32 of cache, 20 MB", server.PeakMemory, 17 + 34 + 20, "MB"));
            figures.Add(new Figure("p99 of a normal client", normal.Wait(990), 20, "ms"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
