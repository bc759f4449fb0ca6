using System;
using System.Runtime.InteropServices;

namespace AotServe.Native;

/// <summary>
/// A key for session tickets (RFC 5077 §4): AES-256-CBC with HMAC-SHA-256, of one name. Immutable; any thread may use it.
/// </summary>
internal sealed unsafe partial class SslTicketKey
{
    /// <summary>The length of a key as bytes: its name, the key of the cipher and that of the authentication code.</summary>
    public const int Length = SslCallbacks.TicketNameLength + CipherKeyLength + MacKeyLength;

    private const int CipherKeyLength = 32;
    private const int MacKeyLength = 32;
    private const int VectorLength = 16;
    private const uint Text = 4; // OSSL_PARAM_UTF8_STRING
    private const uint Bytes = 5; // OSSL_PARAM_OCTET_STRING

    // Looked up once: OpenSSL's own look-up takes longer than what it is for.
    private static readonly nint Cipher = FetchCipher();

    private readonly byte[] _bytes;

    /// <summary>Makes one of bytes.</summary>
    /// <param name="bytes">As many as <see cref="Length"/>; a copy is kept.</param>
    public SslTicketKey(ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(bytes.Length, Length);
        _bytes = bytes.ToArray();
    }

    /// <summary>The bytes that it was made of: secret, but for the name.</summary>
    public ReadOnlySpan<byte> Secret => _bytes;

    /// <summary>Whether it has that name.</summary>
    public bool IsNamed(ReadOnlySpan<byte> name) => name.SequenceEqual(_bytes.AsSpan(0, SslCallbacks.TicketNameLength));

    /// <summary>A new one, of random bytes.</summary>
    public static SslTicketKey Create()
    {
        Span<byte> bytes = stackalloc byte[Length];
        RandomBytes.Fill(bytes);
        return new SslTicketKey(bytes);
    }

    /// <summary>Prepares to make a ticket or to open one. False: OpenSSL has no memory.</summary>
    /// <param name="name">Receives the key's name, for a new ticket.</param>
    /// <param name="vector">The initialization vector; receives one for a new ticket.</param>
    /// <param name="cipher">An EVP_CIPHER_CTX.</param>
    /// <param name="mac">An EVP_MAC_CTX.</param>
    /// <param name="isNew">Whether a ticket is made.</param>
    internal bool Prepare(Span<byte> name, byte* vector, nint cipher, nint mac, bool isNew)
    {
        fixed (byte* bytes = _bytes, keyName = "key\0"u8, digestName = "digest\0"u8, digest = "SHA256\0"u8)
        {
            byte* cipherKey = bytes + SslCallbacks.TicketNameLength;
            Parameter* parameters = stackalloc Parameter[3];
            parameters[0] = new Parameter { Name = keyName, Type = Bytes, Data = cipherKey + CipherKeyLength, Size = MacKeyLength };
            parameters[1] = new Parameter { Name = digestName, Type = Text, Data = digest, Size = 6 };
            parameters[2] = default;
            if (EVP_MAC_CTX_set_params(mac, parameters) != 1)
            {
                return false;
            }

            if (!isNew)
            {
                return EVP_DecryptInit_ex(cipher, Cipher, 0, cipherKey, vector) == 1;
            }

            _bytes.AsSpan(0, SslCallbacks.TicketNameLength).CopyTo(name);
            RandomBytes.Fill(new Span<byte>(vector, VectorLength));
            return EVP_EncryptInit_ex(cipher, Cipher, 0, cipherKey, vector) == 1;
        }
    }

    private static nint FetchCipher()
    {
        fixed (byte* name = "AES-256-CBC\0"u8)
        {
            return EVP_CIPHER_fetch(0, name, null);
        }
    }

    /// <summary><c>OSSL_PARAM</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Parameter
    {
        public byte* Name;
        public uint Type;
        public void* Data;
        public nuint Size;
        public nuint ReturnSize;
    }

    [LibraryImport("libcrypto")]
    private static partial int EVP_MAC_CTX_set_params(nint mac, Parameter* parameters);

    [LibraryImport("libcrypto")]
    private static partial int EVP_EncryptInit_ex(nint context, nint cipher, nint engine, byte* key, byte* vector);

    [LibraryImport("libcrypto")]
    private static partial int EVP_DecryptInit_ex(nint context, nint cipher, nint engine, byte* key, byte* vector);

    [LibraryImport("libcrypto")]
    private static partial nint EVP_CIPHER_fetch(nint library, byte* name, byte* properties);
}
