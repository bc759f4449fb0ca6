using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Threading;
using AotServe.Native;

namespace AotServe.Tls;

/// <summary>
/// What TLS is spoken with: the certificates, which can be reread while clients are served, and the keys of tickets. Opened and
/// reread by the main thread; any thread may use it.
/// </summary>
internal sealed class TlsServer : IDisposable
{
    private readonly TlsOptions _options;
    private TlsContext _context;
    private TicketKeys _keys;
    private long _handshakes;
    private long _resumed;
    private long _failures;

    private TlsServer(TlsOptions options, TlsContext context, string[] certificates)
    {
        _options = options;
        _context = context;
        _keys = new TicketKeys(Environment.TickCount64);
        Certificates = certificates;
        StrictTransport = options.StrictTransport is { } seconds
            ? Encoding.ASCII.GetBytes("max-age=" + seconds.ToString(CultureInfo.InvariantCulture))
            : null;
    }

    /// <summary>What encrypts, for operators.</summary>
    public static string Encryption => $"OpenSSL {OpenSsl.Version}; " + (KernelTls.IsThere
        ? "the kernel encrypts what is sent (kTLS)"
        : "this kernel has no kTLS");

    /// <summary>What each certificate is for, and when it expires; a line each.</summary>
    public string[] Certificates { get; private set; }

    /// <summary>The value of Strict-Transport-Security (RFC 6797 §6.1); null: the field is not sent.</summary>
    public byte[]? StrictTransport { get; }

    /// <summary>The keys of tickets. Set once, by a server that replaces another, before it serves.</summary>
    public TicketKeys Keys
    {
        get => _keys;
        set => _keys = value;
    }

    /// <summary>How many handshakes were done.</summary>
    public long Handshakes => Interlocked.Read(ref _handshakes);

    /// <summary>How many of them went on with an earlier session.</summary>
    public long Resumed => Interlocked.Read(ref _resumed);

    /// <summary>How many handshakes failed, as of clients that speak no TLS, or none that is spoken here.</summary>
    public long Failures => Interlocked.Read(ref _failures);

    /// <summary>Reads the certificates.</summary>
    /// <param name="options">Which; there is one at least.</param>
    /// <param name="server">The caller disposes of it when no session is left.</param>
    /// <param name="error">One line that says what is wrong, and what would be right.</param>
    public static bool TryOpen(TlsOptions options, [NotNullWhen(true)] out TlsServer? server, [NotNullWhen(false)] out string? error)
    {
        server = null;
        NativeStart.AllowHeaps(2 * Environment.ProcessorCount); // OpenSSL allocates with each turn.
        if (!OpenSsl.Initialize())
        {
            error = "TLS: OpenSSL does not start: " + OpenSsl.TakeError();
            return false;
        }

        if (TryRead(options, out TlsContext? context, out List<string> certificates, out error))
        {
            server = new TlsServer(options, context, [.. certificates]);
        }

        return server is not null;
    }

    /// <summary>Reads the certificates again. Sessions that have begun keep theirs. False: nothing is changed.</summary>
    public bool TryReread([NotNullWhen(false)] out string? error)
    {
        if (!TryRead(_options, out TlsContext? context, out List<string> certificates, out error))
        {
            return false;
        }

        Certificates = [.. certificates];
        Interlocked.Exchange(ref _context, context).Release();
        return true;
    }

    /// <summary>The certificates of now, with a reference, which the caller releases.</summary>
    public TlsContext Acquire()
    {
        while (true)
        {
            TlsContext context = Volatile.Read(ref _context);
            if (context.TryAddReference())
            {
                return context;
            }
        }
    }

    /// <summary>Counts a handshake that is done.</summary>
    public void CountHandshake(bool isResumed)
    {
        Interlocked.Increment(ref _handshakes);
        if (isResumed)
        {
            Interlocked.Increment(ref _resumed);
        }
    }

    /// <summary>Counts a handshake that has failed.</summary>
    public void CountFailure() => Interlocked.Increment(ref _failures);

    public void Dispose() => _context.Release();

    private static bool TryRead(
        TlsOptions options, [NotNullWhen(true)] out TlsContext? context, out List<string> descriptions, [NotNullWhen(false)] out string? error)
    {
        context = null;
        error = null;
        descriptions = [];
        var certificates = new List<ServerCertificate>();
        try
        {
            for (int i = 0; i < options.Certificates.Length; i++)
            {
                if (!ServerCertificate.TryRead(options.Certificates[i], options.Keys[i], out ServerCertificate? certificate, out error))
                {
                    return false;
                }

                certificates.Add(certificate);
                descriptions.Add($"{(certificate.Names.Length == 0 ? "no name" : string.Join(", ", certificate.Names))}, valid until {certificate.End}");
            }

            return TlsContext.TryCreate(certificates, out context, out error);
        }
        finally
        {
            certificates.ForEach(static certificate => certificate.Dispose());
        }
    }
}
