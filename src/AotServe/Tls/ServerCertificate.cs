using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using AotServe.Native;

namespace AotServe.Tls;

/// <summary>
/// A certificate of this server with its private key and the certificates of its issuers, as files have them. Owns them. For one
/// thread.
/// </summary>
internal sealed class ServerCertificate : IDisposable
{
    private const int LongestFile = 1024 * 1024;

    private readonly List<nint> _chain;

    private ServerCertificate(List<nint> chain, nint key)
    {
        _chain = chain;
        Key = key;
        Names = [.. X509.Names(chain[0])];
        KindOfKey = X509.KindOfKey(chain[0]);
    }

    /// <summary>The server's own certificate (X509).</summary>
    public nint Certificate => _chain[0];

    /// <summary>Its private key (EVP_PKEY).</summary>
    public nint Key { get; }

    /// <summary>The certificates of its issuers, in order.</summary>
    public ReadOnlySpan<nint> Issuers => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_chain)[1..];

    /// <summary>Its host names, in lower case; one may begin with <c>*.</c>.</summary>
    public string[] Names { get; }

    /// <summary>A number for the kind of its key: for each name there may be one of each kind.</summary>
    public int KindOfKey { get; }

    /// <summary>When its time ends, as a text.</summary>
    public string End => X509.End(Certificate);

    /// <summary>Reads a certificate and its key, and checks that a client could accept them.</summary>
    /// <param name="chainFile">The full path of the certificates: PEM, the server's own first, then each one's issuer.</param>
    /// <param name="keyFile">The full path of the private key.</param>
    /// <param name="certificate">The caller disposes of it.</param>
    /// <param name="error">One line that says what is wrong, and what would be right.</param>
    public static bool TryRead(
        string chainFile, string keyFile, [NotNullWhen(true)] out ServerCertificate? certificate, [NotNullWhen(false)] out string? error)
    {
        certificate = null;
        OpenSsl.ClearErrors();
        if (!TryReadFile(chainFile, out byte[]? pem, out error))
        {
            error = $"--tls-cert: {chainFile} {error}";
            return false;
        }

        List<nint>? chain = X509.ReadCertificates(pem);
        if (chain is null || chain.Count == 0)
        {
            error = $"--tls-cert: {chainFile} " + (chain is null
                ? "has a certificate that cannot be read: " + OpenSsl.TakeError()
                : "has no certificate; it takes PEM, which begins with -----BEGIN CERTIFICATE-----"u8.Text());
            return false;
        }

        if (TryReadKey(keyFile, out nint key, out error))
        {
            certificate = new ServerCertificate(chain, key);
            error = certificate.FindFault(chainFile, keyFile);
            if (error is null)
            {
                return true;
            }

            certificate.Dispose();
            certificate = null;
            return false;
        }

        chain.ForEach(X509.Free);
        return false;
    }

    public void Dispose()
    {
        _chain.ForEach(X509.Free);
        _chain.Clear();
        X509.FreeKey(Key);
    }

    private static bool TryReadKey(string file, out nint key, [NotNullWhen(false)] out string? error)
    {
        key = 0;
        if (!TryReadFile(file, out byte[]? pem, out error))
        {
            error = $"--tls-key: {file} {error}";
            return false;
        }

        ReadOnlySpan<byte> text = pem;
        bool isEncrypted = text.IndexOf("BEGIN ENCRYPTED PRIVATE KEY"u8) >= 0 || text.IndexOf("Proc-Type: 4,ENCRYPTED"u8) >= 0;
        if (!isEncrypted)
        {
            key = X509.ReadPrivateKey(text);
        }

        bool isThere = text.IndexOf("PRIVATE KEY-----"u8) >= 0;
        text = default;
        Array.Clear(pem);
        error = isEncrypted ? $"--tls-key: {file}" + " is encrypted, and nobody is there to type its password; openssl pkey -in FILE -out FILE decrypts one"u8.Text()
            : key != 0 ? null
            : isThere ? $"--tls-key: {file} has a key that cannot be read: {OpenSsl.TakeError()}"
            : $"--tls-key: {file}" + " has no private key; it takes PEM, which begins with -----BEGIN PRIVATE KEY-----"u8.Text();
        return error is null;
    }

    /// <summary>The error follows the path.</summary>
    private static bool TryReadFile(string path, [NotNullWhen(true)] out byte[]? bytes, [NotNullWhen(false)] out string? error)
    {
        bytes = null;
        error = null;
        try
        {
            var file = new FileInfo(path);
            if (file.Exists && file.Length > LongestFile)
            {
                error = "is larger than 1 MiB";
                return false;
            }

            bytes = File.ReadAllBytes(path);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            error = e is FileNotFoundException or DirectoryNotFoundException ? "does not exist"
                : Directory.Exists(path) ? "is a folder; name the file"
                : e is UnauthorizedAccessException ? "may not be read by this user"
                : "cannot be read";
            return false;
        }
    }

    /// <summary>What a client would not accept, as a line; null: nothing is wrong.</summary>
    private string? FindFault(string chainFile, string keyFile)
    {
        if (!X509.Matches(Certificate, Key))
        {
            for (int i = 1; i < _chain.Count; i++)
            {
                if (X509.Matches(_chain[i], Key))
                {
                    return $"--tls-cert: {chainFile}" + " is in the wrong order: the key belongs to its certificate "u8.Text() + (i + 1) + ", which has to be the first, with its issuers after it"u8.Text();
                }
            }

            return $"--tls-key: {keyFile} is not the key of the certificate in {chainFile}";
        }

        for (int i = 0; i < _chain.Count; i++)
        {
            string which = _chain.Count == 1 ? "its certificate" : $"its certificate {i + 1}";
            if (X509.HasEnded(_chain[i]))
            {
                return $"--tls-cert: {chainFile}: {which} expired at {X509.End(_chain[i])}; renew it";
            }

            if (!X509.HasBegun(_chain[i]))
            {
                return $"--tls-cert: {chainFile}: {which} is not valid before {X509.Beginning(_chain[i])}; is the clock right?";
            }

            if (i > 0 && !X509.IsIssuedBy(_chain[i - 1], _chain[i]))
            {
                return $"--tls-cert: {chainFile} is in the wrong order: certificate {i + 1} has not issued certificate {i}; the server's own comes first, then each one's issuer";
            }
        }

        OpenSsl.ClearErrors();
        return null;
    }
}
