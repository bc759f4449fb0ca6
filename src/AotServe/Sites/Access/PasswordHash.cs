using System;
using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Threading;

namespace AotServe.Sites.Access;

/// <summary>
/// The hash of a password: a salt, an iteration count, and the key that PBKDF2 derives with them. Written as
/// <c>$pbkdf2-sha256$i=600000$salt$key</c>, in base64 without padding. Or one that another program made, in the form of
/// <see cref="BcryptHash"/>.
/// </summary>
internal sealed class PasswordHash
{
    /// <summary>The iteration count of new hashes, as OWASP's Password Storage Cheat Sheet recommends.</summary>
    public const int UsualIterations = 600_000;

    /// <summary>The length of a new salt in bytes.</summary>
    public const int SaltLength = 16;

    private const string Prefix = "$pbkdf2-sha256$i=";
    private const int LeastIterations = 1_000;
    private const int MostIterations = 10_000_000;
    private const int ShortestSalt = 8;

    private readonly byte[] _salt;
    private readonly byte[] _key;
    private readonly BcryptHash? _bcrypt;

    private PasswordHash(int iterations, byte[] salt, byte[] key) => (Cost, _salt, _key) = (new PasswordCost(iterations, 0), salt, key);

    private PasswordHash(BcryptHash bcrypt) => (Cost, _salt, _key, _bcrypt) = (new PasswordCost(0, bcrypt.Rounds), [], [], bcrypt);

    /// <summary>What one try costs.</summary>
    public PasswordCost Cost { get; }

    /// <summary>Hashes a password.</summary>
    /// <param name="password">The password, in UTF-8.</param>
    /// <param name="salt">Random bytes, <see cref="SaltLength"/> of them as a rule.</param>
    /// <param name="iterations">The iteration count.</param>
    public static PasswordHash Make(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int iterations)
    {
        byte[] key = new byte[Sha256.HashLength];
        Pbkdf2.TryDeriveKey(password, salt, iterations, CancellationToken.None, key);
        return new PasswordHash(iterations, salt.ToArray(), key);
    }

    /// <summary>
    /// Reads the form that <see cref="ToString"/> writes, or one of bcrypt. False if the text has another form, or a count or length is out of
    /// bounds.
    /// </summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out PasswordHash? hash)
    {
        hash = null;
        if (BcryptHash.TryParse(text, out BcryptHash? bcrypt))
        {
            hash = new PasswordHash(bcrypt);
            return true;
        }

        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        string[] parts = text[Prefix.Length..].Split('$');
        if (parts.Length != 3
            || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int iterations)
            || iterations is < LeastIterations or > MostIterations)
        {
            return false;
        }

        byte[]? salt = FromBase64(parts[1]);
        byte[]? key = FromBase64(parts[2]);
        if (salt is { Length: >= ShortestSalt and <= Pbkdf2.LongestSalt } && key is { Length: Sha256.HashLength })
        {
            hash = new PasswordHash(iterations, salt, key);
        }

        return hash is not null;
    }

    /// <summary>
    /// Finds out whether the hash is of <paramref name="password"/>. Costs <paramref name="atLeast"/> on the calling thread, of both
    /// kinds of work, whatever the hash costs itself; the comparison takes the same time whatever its result.
    /// </summary>
    /// <returns>False: it was cancelled.</returns>
    public bool TryVerify(ReadOnlySpan<byte> password, PasswordCost atLeast, CancellationToken cancellation, out bool isSame)
    {
        Span<byte> key = stackalloc byte[Sha256.HashLength];
        if (_bcrypt is not null)
        {
            Span<byte> hash = stackalloc byte[Bcrypt.HashLength];
            bool isDone = Bcrypt.TryHash(password, _bcrypt.Salt, _bcrypt.Rounds, Math.Max(atLeast.Rounds, _bcrypt.Rounds), cancellation, hash);
            isSame = isDone && CryptographicOperations.FixedTimeEquals(hash, _bcrypt.Hash);
            return isDone && TrySpend(password, new PasswordCost(atLeast.Iterations, 0), cancellation);
        }

        bool isHashed = Pbkdf2.TryDeriveKey(password, _salt, Cost.Iterations, cancellation, key);
        isSame = isHashed && CryptographicOperations.FixedTimeEquals(key, _key);
        return isHashed && TrySpend(password, new PasswordCost(atLeast.Iterations - Cost.Iterations, atLeast.Rounds), cancellation);
    }

    /// <summary>Takes the time of so much work.</summary>
    private static bool TrySpend(ReadOnlySpan<byte> password, PasswordCost cost, CancellationToken cancellation)
    {
        Span<byte> key = stackalloc byte[Sha256.HashLength];
        Span<byte> salt = stackalloc byte[Bcrypt.SaltLength];
        salt.Clear();
        return (cost.Iterations <= 0 || Pbkdf2.TryDeriveKey(password, salt, cost.Iterations, cancellation, key))
            && (cost.Rounds <= 0 || Bcrypt.TryHash(password, salt, cost.Rounds, cost.Rounds, cancellation, key[..Bcrypt.HashLength]));
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Cost.Iterations}${ToBase64(_salt)}${ToBase64(_key)}");

    private static string ToBase64(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    private static byte[]? FromBase64(string text)
    {
        if (text.Contains('='))
        {
            return null;
        }

        byte[] padded = System.Text.Encoding.UTF8.GetBytes(text + new string('=', -text.Length & 3));
        byte[] bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(padded.Length)];
        return Base64.DecodeFromUtf8(padded, bytes, out int used, out int written) == OperationStatus.Done && used == padded.Length
            ? bytes.AsSpan(0, written).ToArray() // not a range of an array: that adds the run-time type loader, 250 KB
            : null;
    }
}
