using System;
using System.Text;

namespace AotServe.Http;

/// <summary>
/// Puts constant text into pages. A <c>"…"u8</c> lies in the file and is read when it is asked for; a string of the program is made at each start,
/// though hardly any server prints it.
/// </summary>
internal static class Utf8Append
{
    /// <summary>Appends text that is UTF-8.</summary>
    public static StringBuilder Append(this StringBuilder text, ReadOnlySpan<byte> utf8) => text.Append(Encoding.UTF8.GetString(utf8));
}
