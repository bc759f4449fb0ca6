using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace AotServe.Sites.Access;

/// <summary>A hash in the form of bcrypt: <c>$2y$10$</c>, 22 letters of salt, 31 of hash; <c>$2a$</c> and <c>$2b$</c> mean the same.</summary>
/// <param name="Rounds">2 to the power of the cost.</param>
/// <param name="Salt">The salt.</param>
/// <param name="Hash">The hash.</param>
internal sealed record BcryptHash(long Rounds, byte[] Salt, byte[] Hash)
{
    private const int LeastCost = 4;

    /// <summary>The greatest cost. Own choice: a quarter of a minute for a sign-in, and more would keep others waiting.</summary>
    private const int MostCost = 16;

    private const int SaltStart = 7;
    private const int HashStart = SaltStart + 22;
    private const int TextLength = HashStart + 31;
    private const string Alphabet = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>Whether a text begins as such a hash does.</summary>
    public static bool IsForm(string text) => text.Length > 3 && text.StartsWith("$2", StringComparison.Ordinal) && text[3] == '$';

    /// <summary>Reads the form. False: the text has another one, or a cost that is not taken.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out BcryptHash? hash)
    {
        hash = null;
        if (text.Length != TextLength || !IsForm(text) || text[2] is not ('a' or 'b' or 'y') || text[6] != '$'
            || !int.TryParse(text.AsSpan(4, 2), NumberStyles.None, CultureInfo.InvariantCulture, out int cost)
            || cost is < LeastCost or > MostCost)
        {
            return false;
        }

        byte[] salt = new byte[Bcrypt.SaltLength];
        byte[] bytes = new byte[Bcrypt.HashLength];
        if (!TryDecode(text.AsSpan(SaltStart, HashStart - SaltStart), salt) || !TryDecode(text.AsSpan(HashStart), bytes))
        {
            return false;
        }

        hash = new BcryptHash(1L << cost, salt, bytes);
        return true;
    }

    /// <summary>Six bits a letter, the first ones first. What is left of the last letter does not count.</summary>
    private static bool TryDecode(ReadOnlySpan<char> text, Span<byte> bytes)
    {
        int bits = 0;
        int count = 0;
        int written = 0;
        foreach (char letter in text)
        {
            int value = Alphabet.IndexOf(letter, StringComparison.Ordinal);
            if (value < 0)
            {
                return false;
            }

            bits = (bits << 6) | value;
            count += 6;
            if (count >= 8 && written < bytes.Length)
            {
                count -= 8;
                bytes[written++] = (byte)(bits >> count);
            }

            bits &= (1 << count) - 1;
        }

        return written == bytes.Length;
    }
}
