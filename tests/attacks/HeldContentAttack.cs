using System.Collections.Generic;
using System.IO;
using System.Threading;

namespace AotServe.Attacks;

internal sealed class HeldContentAttack : Attack
{
    private const int Files = 3_000;

    public override string Name => "held-content";

    public override string What => "3,000 clients ask many times for a cached file each and do not read it, while others evict it; --cache-size 8 --buffer-memory 16";

    public override void Run(Target target, List<Figure> figures)
    {
        string folder = Target.MakeFolder();
        try
        {
            for (int i = 0; i < Files; i++)
            {
                string path = Path.Combine(folder, $"{i}.bin");
                File.WriteAllBytes(path, new byte[64_000]);
                File.SetLastWriteTimeUtc(path, System.DateTime.UtcNow.AddHours(-1));
            }

            using RunningTarget server = target.Serve(folder, "--cache-size", "8", "--buffer-memory", "16");
            using var crowd = new Crowd();
            using var normal = new NormalClient(server, "/0.bin");
            for (int i = 0; i < Files; i++)
            {
                server.Ask($"/{i}.bin"); // Twice: the second finds it cached.
                server.Ask($"/{i}.bin");
                crowd.Hold(server, $"127.0.{1 + (i / 250)}.{1 + (i % 250)}", string.Concat(System.Linq.Enumerable.Repeat($"GET /{i}.bin HTTP/1.1\r\nHost: x\r\n\r\n", 200)), 2048);
            }

            Thread.Sleep(1_000);
            figures.Add(new Figure("peak memory; 16 MiB of buffers, 8 of cache, 2 KB a connection, 20 MB", server.PeakMemory, 17 + 9 + 6 + 20, "MB"));
            figures.Add(new Figure("answers to a normal client that were not 200", normal.Failed, 0, ""));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
