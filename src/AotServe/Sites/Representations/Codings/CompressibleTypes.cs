using System;

namespace AotServe.Sites.Representations.Codings;

/// <summary>The media types that are worth compressing: all kinds of text, and formats without compression of their own.</summary>
internal static class CompressibleTypes
{
    /// <summary>Types that the rules of <see cref="Contains"/> do not cover; each between commas.</summary>
    private static ReadOnlySpan<byte> Table => """
        ,application/json,application/xml,application/xml-dtd,application/n-triples,application/n-quads,application/trig,application/x-plist,application/javascript,application/wasm,application/yaml,
        ,application/toml,application/jsonl,application/x-ndjson,application/rtf,application/postscript,
        ,application/vnd.apple.mpegurl,application/vnd.ms-fontobject,font/ttf,font/otf,font/collection,
        ,image/bmp,image/vnd.microsoft.icon,image/x-icon,model/obj,model/mtl,
        """u8;

    /// <summary>Whether <paramref name="mediaType"/>, in lower case and with any parameters, is one of them.</summary>
    public static bool Contains(ReadOnlySpan<byte> mediaType)
    {
        int semicolon = mediaType.IndexOf((byte)';');
        ReadOnlySpan<byte> type = semicolon < 0 ? mediaType : mediaType[..semicolon].TrimEnd((byte)' ');
        if (type.StartsWith("text/"u8) || type.EndsWith("+json"u8) || type.EndsWith("+xml"u8))
        {
            return true;
        }

        int index = Table.IndexOf(type);
        return index > 0 && Table[index - 1] == ',' && Table[index + type.Length] == ',';
    }
}
