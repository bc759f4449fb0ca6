using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Threading;

namespace AotServe.Attacks;

internal sealed class HeldCompressedAttack : Attack
{
    private const int Files = 300;

    public override string Name => "held-compressed";

    public override string What => "300 clients ask for a file each that is compressed, and do not read it, while others evict it; --compress --buffer-memory 16";

    public override void Run(Target target, List<Figure> figures)
    {
        string folder = Target.MakeFolder();
        try
        {
            var random = new Random(1);
            for (int i = 0; i < Files; i++)
            {
                // Half random digits: compressed to some 430 KB.
                var text = new StringBuilder(1_000_000);
                while (text.Length < 1_000_000)
                {
                    text.Append(random.NextInt64());
                }

                string path = Path.Combine(folder, $"{i}.txt");
                File.WriteAllText(path, text.ToString());
                File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddHours(-1));
            }

            using RunningTarget server = target.Serve(folder, "--compress", "--cache-size", "8", "--buffer-memory", "16");
            using var crowd = new Crowd();
            long end = Environment.TickCount64 + 20_000;
            for (int i = 0; i < Files && Environment.TickCount64 < end; i++)
            {
                while (!Encoding.Latin1.GetString(server.Ask($"/{i}.txt", method: "HEAD", fields: "Accept-Encoding: br\r\n"))
                    .Contains("Content-Encoding", StringComparison.Ordinal) && Environment.TickCount64 < end && server.PeakMemory < 400)
                {
                    Thread.Sleep(5);
                }

                crowd.Hold(server, $"127.0.{1 + (i / 250)}.{1 + (i % 250)}", $"GET /{i}.txt HTTP/1.1\r\nHost: x\r\nAccept-Encoding: br\r\n\r\n", 2048);
            }

            figures.Add(new Figure(
                "peak memory; 64 MiB of compressed files, 16 of buffers, 8 of cache, 20 MB", server.PeakMemory, 67 + 17 + 9 + 20, "MB"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
