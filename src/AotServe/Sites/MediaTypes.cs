using System;
using System.Buffers;
using System.Text;

namespace AotServe.Sites;

/// <summary>
/// Media types (RFC 9110 §8.3.1) by the extension of a file's name. Text is declared as UTF-8, which is what text on
/// the web is; JSON and the like have no charset parameter, being UTF-8 by their own definition.
/// </summary>
internal sealed class MediaTypes
{
    private const int LongestExtension = 11;

    private const int Slots = 512;

    // Where in the table the line of an extension begins, by hash, with linear probing; 0: none (line 0 is empty).
    private readonly ushort[] _lines = new ushort[Slots];

    public MediaTypes()
    {
        ReadOnlySpan<byte> table = Table;
        for (int start = 1; start < table.Length; start += table[start..].IndexOf((byte)'\n') + 1)
        {
            int slot = Hash(table.Slice(start, table[start..].IndexOf((byte)' ')));
            while (_lines[slot] != 0)
                slot = (slot + 1) % Slots;
            _lines[slot] = (ushort)start;
        }
    }

    /// <summary>
    /// The media type of a file named <paramref name="path"/>; the case of its extension does not matter.
    /// </summary>
    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> path)
    {
        ReadOnlySpan<byte> name = path[(path.LastIndexOf((byte)'/') + 1)..];
        int dot = name.LastIndexOf((byte)'.');
        int length = name.Length - dot - 1;
        if (dot < 0 || length is 0 or > LongestExtension)
            return Unknown;

        Span<byte> extension = stackalloc byte[LongestExtension + 1];
        if (Ascii.ToLower(name[(dot + 1)..], extension, out _) != OperationStatus.Done)
            return Unknown;
        extension[length] = (byte)' ';

        for (int slot = Hash(extension[..length]); _lines[slot] != 0; slot = (slot + 1) % Slots)
        {
            ReadOnlySpan<byte> line = Table[_lines[slot]..];
            if (line.StartsWith(extension[..(length + 1)]))
                return line[(length + 1)..line.IndexOf((byte)'\n')];
        }

        return Unknown;
    }

    private static int Hash(ReadOnlySpan<byte> extension)
    {
        uint hash = 0;
        foreach (byte letter in extension)
            hash = (hash * 31) + letter;
        return (int)(hash % Slots);
    }

    /// <summary>What a file gets whose extension says nothing: bytes to be saved, not shown.</summary>
    private static ReadOnlySpan<byte> Unknown => "application/octet-stream"u8;

    /// <summary>One line an extension: the extension in lower case, a space, its media type.</summary>
    private static ReadOnlySpan<byte> Table => """

        html text/html; charset=utf-8
        htm text/html; charset=utf-8
        xhtml application/xhtml+xml; charset=utf-8
        css text/css; charset=utf-8
        js text/javascript; charset=utf-8
        mjs text/javascript; charset=utf-8
        cjs text/javascript; charset=utf-8
        json application/json
        map application/json
        jsonld application/ld+json
        geojson application/geo+json
        topojson application/json
        webmanifest application/manifest+json
        wasm application/wasm
        xml application/xml; charset=utf-8
        xsl application/xml; charset=utf-8
        xslt application/xslt+xml; charset=utf-8
        dtd application/xml-dtd; charset=utf-8
        rss application/rss+xml; charset=utf-8
        atom application/atom+xml; charset=utf-8
        rdf application/rdf+xml; charset=utf-8
        mathml application/mathml+xml; charset=utf-8
        vtt text/vtt; charset=utf-8
        appcache text/cache-manifest; charset=utf-8
        txt text/plain; charset=utf-8
        text text/plain; charset=utf-8
        log text/plain; charset=utf-8
        conf text/plain; charset=utf-8
        ini text/plain; charset=utf-8
        asc text/plain; charset=utf-8
        srt text/plain; charset=utf-8
        md text/markdown; charset=utf-8
        markdown text/markdown; charset=utf-8
        csv text/csv; charset=utf-8
        tsv text/tab-separated-values; charset=utf-8
        ics text/calendar; charset=utf-8
        vcf text/vcard; charset=utf-8
        yaml application/yaml
        yml application/yaml
        toml application/toml
        ndjson application/x-ndjson
        jsonl application/jsonl
        diff text/x-diff; charset=utf-8
        patch text/x-diff; charset=utf-8
        c text/plain; charset=utf-8
        h text/plain; charset=utf-8
        cc text/plain; charset=utf-8
        cpp text/plain; charset=utf-8
        hpp text/plain; charset=utf-8
        cs text/plain; charset=utf-8
        fs text/plain; charset=utf-8
        go text/plain; charset=utf-8
        java text/plain; charset=utf-8
        kt text/plain; charset=utf-8
        py text/plain; charset=utf-8
        rb text/plain; charset=utf-8
        rs text/plain; charset=utf-8
        sh text/plain; charset=utf-8
        sql text/plain; charset=utf-8
        swift text/plain; charset=utf-8
        tex text/plain; charset=utf-8
        rtf application/rtf
        png image/png
        apng image/apng
        jpg image/jpeg
        jpeg image/jpeg
        jfif image/jpeg
        jxl image/jxl
        gif image/gif
        webp image/webp
        avif image/avif
        heic image/heic
        heif image/heif
        svg image/svg+xml; charset=utf-8
        ico image/vnd.microsoft.icon
        cur image/vnd.microsoft.icon
        bmp image/bmp
        tif image/tiff
        tiff image/tiff
        psd image/vnd.adobe.photoshop
        woff font/woff
        woff2 font/woff2
        ttf font/ttf
        otf font/otf
        ttc font/collection
        eot application/vnd.ms-fontobject
        mp3 audio/mpeg
        m4a audio/mp4
        aac audio/aac
        oga audio/ogg
        ogg audio/ogg
        opus audio/ogg
        flac audio/flac
        wav audio/wav
        weba audio/webm
        mid audio/midi
        midi audio/midi
        mp4 video/mp4
        m4v video/mp4
        m4s video/iso.segment
        mov video/quicktime
        webm video/webm
        ogv video/ogg
        mkv video/matroska
        ts video/mp2t
        avi video/vnd.avi
        mpg video/mpeg
        mpeg video/mpeg
        3gp video/3gpp
        m3u8 application/vnd.apple.mpegurl
        mpd application/dash+xml
        glb model/gltf-binary
        gltf model/gltf+json
        obj model/obj
        mtl model/mtl
        stl model/stl
        usdz model/vnd.usdz+zip
        pdf application/pdf
        epub application/epub+zip
        odt application/vnd.oasis.opendocument.text
        ods application/vnd.oasis.opendocument.spreadsheet
        odp application/vnd.oasis.opendocument.presentation
        doc application/msword
        xls application/vnd.ms-excel
        ppt application/vnd.ms-powerpoint
        docx application/vnd.openxmlformats-officedocument.wordprocessingml.document
        xlsx application/vnd.openxmlformats-officedocument.spreadsheetml.sheet
        pptx application/vnd.openxmlformats-officedocument.presentationml.presentation
        ps application/postscript
        eps application/postscript
        kml application/vnd.google-earth.kml+xml
        kmz application/vnd.google-earth.kmz
        gpx application/gpx+xml
        zip application/zip
        gz application/gzip
        tgz application/gzip
        br application/octet-stream
        zst application/zstd
        bz2 application/x-bzip2
        xz application/x-xz
        tar application/x-tar
        7z application/x-7z-compressed
        rar application/vnd.rar
        jar application/java-archive
        apk application/vnd.android.package-archive
        deb application/vnd.debian.binary-package
        rpm application/x-rpm
        dmg application/x-apple-diskimage
        iso application/x-iso9660-image
        torrent application/x-bittorrent
        sqlite application/vnd.sqlite3

        """u8;
}
