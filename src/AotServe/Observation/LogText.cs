using System;
using System.Text;
using AotServe.Http;

namespace AotServe.Observation;

/// <summary>
/// Writes what clients sent so that it stays on its line and within its quotes, and does nothing to a terminal. All output is visible ASCII.
/// </summary>
internal static class LogText
{
    private const byte FirstVisible = 0x20;
    private const byte LastVisible = 0x7E;

    private static ReadOnlySpan<byte> HexDigits => "0123456789abcdef"u8;

    /// <summary>
    /// As Apache does (ap_escape_logitem): a quote and a backslash get a backslash, other bytes that are not visible become <c>\xhh</c>, or
    /// <c>\n</c> and the like.
    /// </summary>
    public static void WriteEscaped(OutputBuffer output, ReadOnlySpan<byte> text)
    {
        for (int plain = PlainLength(text); plain < text.Length; plain = PlainLength(text))
        {
            output.Write(text[..plain]);
            WriteByte(output, text[plain]);
            text = text[(plain + 1)..];
        }

        output.Write(text);
    }

    /// <summary>The same, and spaces become <c>\x20</c>: for a field that is not in quotes.</summary>
    public static void WriteWord(OutputBuffer output, ReadOnlySpan<byte> text)
    {
        for (int space = text.IndexOf((byte)' '); space >= 0; space = text.IndexOf((byte)' '))
        {
            WriteEscaped(output, text[..space]);
            WriteHex(output, (byte)' ');
            text = text[(space + 1)..];
        }

        WriteEscaped(output, text);
    }

    /// <summary>A JSON string (RFC 8259 §7) with its quotes. Bytes that are no UTF-8 become the four characters <c>\xhh</c>.</summary>
    public static void WriteJson(OutputBuffer output, ReadOnlySpan<byte> text)
    {
        Span<char> units = stackalloc char[2];
        output.Write("\""u8);
        for (int plain = PlainLength(text); plain < text.Length; plain = PlainLength(text))
        {
            output.Write(text[..plain]);
            text = text[plain..];
            bool isText = Rune.DecodeFromUtf8(text, out Rune rune, out int length) == System.Buffers.OperationStatus.Done;
            if (!isText)
            {
                length = 1;
                output.Write("\\"u8);
                WriteHex(output, text[0]);
            }
            else if (rune.Value is '"' or '\\')
            {
                output.Write([(byte)'\\', (byte)rune.Value]);
            }
            else
            {
                foreach (char unit in units[..rune.EncodeToUtf16(units)])
                {
                    output.Write("\\u"u8);
                    WriteHexDigits(output, (byte)(unit >> 8));
                    WriteHexDigits(output, (byte)unit);
                }
            }

            text = text[length..];
        }

        output.Write(text);
        output.Write("\""u8);
    }

    /// <summary>How many bytes at the beginning need no escape.</summary>
    private static int PlainLength(ReadOnlySpan<byte> text)
    {
        int other = text.IndexOfAnyExceptInRange(FirstVisible, LastVisible);
        ReadOnlySpan<byte> visible = other < 0 ? text : text[..other];
        int special = visible.IndexOfAny((byte)'"', (byte)'\\');
        return special < 0 ? visible.Length : special;
    }

    private static void WriteByte(OutputBuffer output, byte value)
    {
        byte letter = value switch
        {
            (byte)'"' or (byte)'\\' => value,
            (byte)'\b' => (byte)'b',
            (byte)'\t' => (byte)'t',
            (byte)'\n' => (byte)'n',
            (byte)'\v' => (byte)'v',
            (byte)'\f' => (byte)'f',
            (byte)'\r' => (byte)'r',
            _ => 0,
        };
        if (letter == 0)
        {
            WriteHex(output, value);
        }
        else
        {
            output.Write([(byte)'\\', letter]);
        }
    }

    private static void WriteHex(OutputBuffer output, byte value)
    {
        output.Write("\\x"u8);
        WriteHexDigits(output, value);
    }

    private static void WriteHexDigits(OutputBuffer output, byte value) => output.Write([HexDigits[value >> 4], HexDigits[value & 0xF]]);
}
