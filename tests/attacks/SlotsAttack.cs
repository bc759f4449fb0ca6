using System.Collections.Generic;
using System.Net.Sockets;
using System.Text;
using System.Threading;

namespace AotServe.Attacks;

internal sealed class SlotsAttack : Attack
{
    public override string Name => "slots";

    public override string What => "300 connections with a request begun, which connect again when they are closed, against --max-connections 200";

    public override void Run(Target target, List<Figure> figures)
    {
        foreach ((string what, string request) in ((string, string)[])
            [("one byte", "G"), ("a body", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nh"), ("nothing", "")])
        {
            using RunningTarget server = target.Serve("--max-connections", "200");
            using var crowd = new Crowd();
            crowd.Start(300, i =>
            {
                using Socket socket = server.Connect();
                socket.ReceiveTimeout = 200;
                if (request.Length > 0)
                {
                    socket.Send(Encoding.ASCII.GetBytes(request));
                }

                // Until it is closed, or for as long as the attack goes on.
                for (int waits = 0; waits < 60; waits++)
                {
                    try
                    {
                        while (socket.Receive(new byte[1024]) > 0)
                        {
                            // An error page.
                        }

                        return;
                    }
                    catch (SocketException e) when (e.SocketErrorCode == SocketError.TimedOut)
                    {
                        // It is still open.
                    }
                }
            });
            Thread.Sleep(500);
            using var normal = new NormalClient(server, "/", isNew: true);
            Thread.Sleep(6_000);
            figures.Add(new Figure($"the longest that a normal client waits; {what}", normal.Wait(1_000), 500, "ms"));
        }
    }
}
