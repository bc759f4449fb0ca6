// Wherever there is text.
global using AotServe.Literals;
using System;
using System.Text;

namespace AotServe.Literals;

/// <summary>
/// Texts that are seldom needed, such as those of errors. A string literal is an object that the program writes to memory at each start, with
/// two bytes for a letter; a UTF-8 literal lies in the file until somebody asks for it.
/// </summary>
internal static class LiteralText
{
    /// <summary>The text of a UTF-8 literal.</summary>
    public static string Text(this ReadOnlySpan<byte> literal) => Encoding.UTF8.GetString(literal);
}
