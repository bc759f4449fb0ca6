using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;

namespace AotServe.Attacks;

internal sealed class SendBufferAttack : Attack
{
    private const int Clients = 1_000;

    public override string Name => "send-buffers";

    public override string What => "1,000 clients ask for a file of 100 MB and do not read it";

    public override void Run(Target target, List<Figure> figures)
    {
        string folder = Target.MakeFolder();
        try
        {
            using (FileStream large = File.Create(Path.Combine(folder, "large")))
            {
                large.SetLength(100_000_000);
            }

            File.WriteAllText(Path.Combine(folder, "small"), "small");
            using RunningTarget server = target.Serve(folder);
            using var crowd = new Crowd();
            for (int i = 0; i < Clients; i++)
            {
                crowd.Hold(server, $"127.0.{1 + (i / 250)}.{1 + (i % 250)}", "GET /large HTTP/1.1\r\nHost: x\r\n\r\n", 16 * 1024);
            }

            using var normal = new NormalClient(server, "/small");
            Thread.Sleep(4_000);
            figures.Add(new Figure("what the kernel holds for them at the server's side", Held(server.Port) / 1e6, 300, "MB"));
            figures.Add(new Figure("the longest that a normal client waits", normal.Wait(1_000), 500, "ms"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The bytes that were not sent or not acknowledged (/proc/net/tcp, tx_queue).</summary>
    private static double Held(int port) => File.ReadLines("/proc/net/tcp").Skip(1)
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Where(fields => fields[1].EndsWith($":{port:X4}", StringComparison.Ordinal) && fields[3] == "01")
        .Sum(fields => (double)long.Parse(fields[4].Split(':')[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
}
