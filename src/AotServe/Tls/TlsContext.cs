using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using AotServe.Buffers;
using AotServe.Native;

namespace AotServe.Tls;

/// <summary>
/// The certificates of one start or one rereading, and which of them a client gets for which name. Immutable; any thread may use
/// it. Whoever is inside holds a reference, so that a rereading does not free it beneath a handshake.
/// </summary>
internal sealed class TlsContext
{
    private const int LongestName = 255;

    private readonly List<nint> _contexts = [];
    private readonly Dictionary<string, nint> _byName = [];
    private ReferenceCount _references = new();

    private TlsContext()
    {
    }

    /// <summary>The SSL_CTX for clients that ask for no name, or for one that no certificate has: that of the first certificate.</summary>
    public nint Default => _contexts[0];

    /// <summary>Makes it. The creator has the first reference.</summary>
    /// <param name="certificates">One or more; they are not needed any more afterwards.</param>
    /// <param name="context">The context.</param>
    /// <param name="error">One line.</param>
    public static bool TryCreate(
        List<ServerCertificate> certificates, [NotNullWhen(true)] out TlsContext? context, [NotNullWhen(false)] out string? error)
    {
        context = new TlsContext();
        var sets = new List<(List<ServerCertificate> Set, nint Context)>();
        string? first = certificates[0].Names.Length == 0 ? null : certificates[0].Names[0];
        error = context.Add(certificates, first, certificates[0], sets);
        foreach (ServerCertificate certificate in certificates)
        {
            foreach (string name in certificate.Names)
            {
                error ??= context.Add(certificates, name, certificate, sets);
            }
        }

        if (error is null)
        {
            return true;
        }

        context.Release();
        context = null;
        return false;
    }

    /// <summary>Adds a reference. False: the context is gone, and there is a newer one.</summary>
    public bool TryAddReference() => _references.TryAdd();

    /// <summary>Gives a reference back; the last one frees everything that no session uses.</summary>
    public void Release()
    {
        if (_references.Remove())
        {
            _contexts.ForEach(SslContexts.Free);
        }
    }

    /// <summary>The SSL_CTX for a name as a client sends it; 0: no certificate has it. A name itself goes before a <c>*.</c> that covers it.</summary>
    public nint Find(ReadOnlySpan<byte> name)
    {
        Span<char> text = stackalloc char[LongestName];
        if (name.Length > LongestName || System.Text.Ascii.ToLower(name, text, out int length) != System.Buffers.OperationStatus.Done)
        {
            return 0;
        }

        text = text[..length];
        Dictionary<string, nint>.AlternateLookup<ReadOnlySpan<char>> byName = _byName.GetAlternateLookup<ReadOnlySpan<char>>();
        if (byName.TryGetValue(text, out nint context))
        {
            return context;
        }

        int dot = text.IndexOf('.');
        if (dot <= 0)
        {
            return 0;
        }

        text[dot - 1] = '*';
        return byName.TryGetValue(text[(dot - 1)..], out context) ? context : 0;
    }

    /// <summary>
    /// Has a name answered with the first certificate of each kind of key that has it, by itself or else by a <c>*.</c>. Returns an
    /// error, or null.
    /// </summary>
    private string? Add(
        List<ServerCertificate> certificates, string? name, ServerCertificate own, List<(List<ServerCertificate> Set, nint Context)> sets)
    {
        if (name is not null && _byName.ContainsKey(name))
        {
            return null;
        }

        var set = new List<ServerCertificate>();
        foreach (bool isExact in (ReadOnlySpan<bool>)[true, false])
        {
            foreach (ServerCertificate certificate in certificates)
            {
                bool isIt = name is null ? certificate == own : Has(certificate, name, isExact);
                if (isIt && !set.Exists(other => other.KindOfKey == certificate.KindOfKey))
                {
                    set.Add(certificate);
                }
            }
        }

        nint context = 0;
        foreach ((List<ServerCertificate> known, nint its) in sets)
        {
            context = IsSame(known, set) ? its : context;
        }

        if (context == 0)
        {
            OpenSsl.ClearErrors();
            context = SslContexts.Create();
            if (context == 0)
            {
                return "TLS: " + OpenSsl.TakeError();
            }

            _contexts.Add(context);
            sets.Add((set, context));
            foreach (ServerCertificate certificate in set)
            {
                if (!SslContexts.TryAdd(context, certificate.Certificate, certificate.Key, certificate.Issuers))
                {
                    return $"--tls-cert: OpenSSL refuses the certificate of {(certificate.Names.Length > 0 ? certificate.Names[0] : "no name")}: {OpenSsl.TakeError()}";
                }
            }
        }

        if (name is not null)
        {
            _byName.Add(name, context);
        }

        return null;
    }

    private static bool Has(ServerCertificate certificate, string name, bool isExact)
    {
        foreach (string other in certificate.Names)
        {
            if (isExact ? other == name : other.StartsWith("*.", StringComparison.Ordinal) && name.IndexOf('.', StringComparison.Ordinal) is > 0 and int dot
                && name.AsSpan(dot).SequenceEqual(other.AsSpan(1)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsSame(List<ServerCertificate> one, List<ServerCertificate> other)
    {
        bool isSame = one.Count == other.Count;
        for (int i = 0; isSame && i < one.Count; i++)
        {
            isSame = one[i] == other[i];
        }

        return isSame;
    }
}
