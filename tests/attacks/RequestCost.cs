using System.Net.Sockets;

namespace AotServe.Attacks;

/// <summary>The processor time that a server takes for a request, ms: the mean of many.</summary>
internal static class RequestCost
{
    public static double Of(RunningTarget server, string path, int requests = 200, string fields = "")
    {
        using Socket socket = server.Connect();
        RunningTarget.Ask(socket, path, fields: fields);
        double before = server.CpuTime;
        for (int i = 0; i < requests; i++)
        {
            RunningTarget.Ask(socket, path, fields: fields);
        }

        return (server.CpuTime - before) / requests;
    }
}
