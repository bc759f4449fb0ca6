using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

// aot-floor PORT: what a C# server cannot go below. One thread; a connection at a time gets one answer and is closed.
byte[] answer = Encoding.ASCII.GetBytes(
    "HTTP/1.1 200 OK\r\nServer: aot-floor\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: 1024\r\n\r\n"
    + new string('x', 1024));
byte[] request = new byte[4096];
using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
listener.Bind(new IPEndPoint(IPAddress.Loopback, int.Parse(args[0], CultureInfo.InvariantCulture)));
listener.Listen();
while (true)
{
    using Socket client = listener.Accept();
    if (client.Receive(request, SocketFlags.None, out _) > 0)
    {
        client.Send(answer, SocketFlags.None, out _);
    }
}
