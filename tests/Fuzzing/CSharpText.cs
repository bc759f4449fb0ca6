using System.Globalization;
using System.Text;

namespace AotServe.Fuzzing;

/// <summary>Bytes as a C# literal, to be pasted into a test.</summary>
internal static class CSharpText
{
    /// <summary>More of an input than this is told by its length: nobody reads it.</summary>
    private const int Longest = 4000;

    /// <summary>The literal of text whose characters are bytes (Latin-1).</summary>
    public static string Of(string bytes)
    {
        var text = new StringBuilder("\"");
        foreach (char value in bytes.Length > Longest ? bytes[..Longest] : bytes)
        {
            text.Append(value switch
            {
                '\r' => "\\r",
                '\n' => "\\n",
                '\t' => "\\t",
                '"' => "\\\"",
                '\\' => "\\\\",
                < ' ' or > '~' => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)value:x4}"),
                _ => value.ToString(),
            });
        }

        text.Append('"');
        return bytes.Length > Longest ? $"{text} and {bytes.Length - Longest} more bytes" : text.ToString();
    }
}
