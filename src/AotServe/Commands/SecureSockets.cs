using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Net;
using System.Net.Sockets;
using AotServe.Cli;
using AotServe.Files;
using AotServe.Handover;
using AotServe.Lifetime;
using AotServe.Net;
using AotServe.Tls;

namespace AotServe.Commands;

/// <summary>Opens what TLS is spoken with, and says at which sockets it is.</summary>
internal static class SecureSockets
{
    /// <summary>Reads the certificates; null where there are none. The caller disposes of it.</summary>
    /// <param name="options">Which certificates.</param>
    /// <param name="reportWarning">Called with each line about something that is wrong but does not prevent a start.</param>
    /// <param name="tls">What TLS is spoken with.</param>
    /// <param name="error">Why it cannot be: one line.</param>
    public static bool TryOpen(
        ServerOptions options, Action<string> reportWarning, out TlsServer? tls, [NotNullWhen(false)] out string? error)
    {
        tls = null;
        error = null;
        if (!TlsSupport.IsBuiltIn || !options.Tls.IsOn)
        {
            return true;
        }

        if (!TlsServer.TryOpen(options.Tls, out tls, out error))
        {
            return false;
        }

        if (options.Verbose)
        {
            StandardStreams.Report("TLS: " + TlsServer.Encryption);
        }

        foreach (string key in options.Tls.Keys)
        {
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(key) & UnixFileMode.OtherRead) != 0)
            {
                reportWarning(key + ": every user of this machine may read the private key; 'chmod o-r' keeps it from them"u8.Text());
            }
        }

        return true;
    }

    /// <summary>Goes on with the keys of tickets of the server that is replaced, and hands them to the one that replaces this one.</summary>
    public static void ShareKeys(TlsServer? tls, Succession succession)
    {
        if (!TlsSupport.IsBuiltIn || tls is null)
        {
            return;
        }

        if (succession.ReceiveSecret() is { } secret && TicketKeys.TryRead(secret, Environment.TickCount64, out TicketKeys? keys))
        {
            tls.Keys = keys;
        }

        succession.Secret = () =>
        {
            Span<byte> bytes = stackalloc byte[TicketKeys.LongestHandover];
            return bytes[..tls.Keys.Write(Environment.TickCount64, bytes)].ToArray();
        };
    }

    /// <summary>Says which files <c>--user</c> may not read, now that the process is that user.</summary>
    public static void WarnUnreadable(TlsOptions options, Action<string> reportWarning)
    {
        foreach (string file in options.Files)
        {
            try
            {
                File.OpenHandle(file).Dispose();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                reportWarning(file + ": --user may not read it, so SIGHUP and SIGUSR2 will fail; give that user leave to (chown, chmod)"u8.Text());
            }
        }
    }

    /// <summary>Rereads the certificates, and reports the result. Files with an error change nothing.</summary>
    public static void Reread(TlsServer tls, Action<string> report, Action<string> reportError)
    {
        if (!tls.TryReread(out string? error))
        {
            reportError(error + "; the certificates from before stay in force"u8.Text());
            return;
        }

        foreach (string certificate in tls.Certificates)
        {
            report($"Reread the certificate for {certificate}");
        }
    }

    /// <summary>Whether HTTP is redirected at a socket of the site.</summary>
    /// <param name="options">Where the server listens.</param>
    /// <param name="sockets">All of the site.</param>
    /// <param name="index">Which of them.</param>
    public static bool IsForRedirects(ListenOptions options, List<Socket> sockets, int index)
    {
        if (options.HttpPort is not { } port || sockets[index].LocalEndPoint is not IPEndPoint endPoint)
        {
            return false;
        }

        // Where the system was to pick the port, it is that of the sockets that were opened last.
        return port == 0 ? index >= sockets.Count - Math.Max(1, options.Addresses.Length) : endPoint.Port == port;
    }

    /// <summary>The folders that certificates and keys are read from, links followed and not.</summary>
    public static HashSet<string> Folders(TlsOptions options)
    {
        var folders = new HashSet<string>();
        foreach (string file in options.Files)
        {
            folders.Add(Path.GetDirectoryName(file)!);
            folders.Add(Path.GetDirectoryName(RealPath.Of(file))!);
        }

        return folders;
    }
}
