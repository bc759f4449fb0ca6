using System;
using System.Collections.Generic;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;

namespace AotServe.Attacks;

/// <summary>Attackers: threads that do the same over and over, or connections that ask and do not read.</summary>
/// <remarks>
/// Attackers are elsewhere as a rule, and take no processor from the server and its other clients. So the threads run at a lower
/// priority (nice 10, setpriority(2)) than the server and the normal client, which share the processors with them here.
/// </remarks>
internal sealed partial class Crowd : IDisposable
{
    private const int LowPriority = 10;


    private readonly List<Thread> _threads = [];
    private readonly List<Socket> _sockets = [];
    private volatile bool _isOver;

    /// <summary>Has so many threads do something until the end. What fails is done again.</summary>
    public void Start(int count, Action<int> act)
    {
        for (int i = 0; i < count; i++)
        {
            int number = i;
            var thread = new Thread(() =>
            {
                _ = setpriority(0, 0, LowPriority);
                while (!_isOver)
                {
                    try
                    {
                        act(number);
                    }
                    catch (SocketException)
                    {
                        Thread.Sleep(1);
                    }
                }
            });
            _threads.Add(thread);
            thread.Start();
        }
    }

    /// <summary>Connects, sends, and keeps the connection without reading.</summary>
    public void Hold(RunningTarget server, string source, string request, int receiveBuffer)
    {
        Socket socket = server.Connect(source, receiveBuffer);
        socket.Send(Encoding.ASCII.GetBytes(request));
        _sockets.Add(socket);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setpriority(int which, uint who, int priority);

    public void Dispose()
    {
        _isOver = true;
        _threads.ForEach(thread => thread.Join());
        _sockets.ForEach(socket => socket.Dispose());
    }
}
