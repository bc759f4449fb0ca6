using System;

namespace AotServe.Sites.Representations;

/// <summary>
/// The built-in media types: as registered with IANA; where browsers differ, as in the WHATWG's MIME Sniffing standard; where
/// neither has one, as in other servers. XML types have no charset: it would outrank what the document says of itself (RFC 7303 §3.2).
/// </summary>
internal static class MediaTypeTable
{
    /// <summary>
    /// An empty line, then one line for each extension: the extension in lower case, a space, the media type. No extension is
    /// repeated.
    /// </summary>
    public static ReadOnlySpan<byte> Lines => """

        html text/html; charset=utf-8
        htm text/html; charset=utf-8
        shtml text/html; charset=utf-8
        xhtml application/xhtml+xml
        xht application/xhtml+xml
        css text/css; charset=utf-8
        js text/javascript; charset=utf-8
        mjs text/javascript; charset=utf-8
        cjs text/javascript; charset=utf-8
        json application/json
        map application/json
        jsonld application/ld+json
        json5 application/json5
        geojson application/geo+json
        topojson application/json
        ipynb application/x-ipynb+json
        webmanifest application/manifest+json
        wasm application/wasm
        xml application/xml
        xsl application/xml
        xslt application/xslt+xml
        dtd application/xml-dtd
        rss application/rss+xml
        atom application/atom+xml
        rdf application/rdf+xml
        owl application/rdf+xml
        xsd application/xml
        wsdl application/wsdl+xml
        plist application/x-plist
        ttl text/turtle; charset=utf-8
        n3 text/n3; charset=utf-8
        nt application/n-triples
        nq application/n-quads
        trig application/trig
        mathml application/mathml+xml
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
        ifb text/calendar; charset=utf-8
        ics text/calendar; charset=utf-8
        vcf text/vcard; charset=utf-8
        vcard text/vcard; charset=utf-8
        yaml application/yaml
        yml application/yaml
        toml application/toml
        ndjson application/x-ndjson
        jsonl application/jsonl
        cbor application/cbor
        parquet application/vnd.apache.parquet
        proto text/plain; charset=utf-8
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
        rst text/plain; charset=utf-8
        adoc text/plain; charset=utf-8
        bat text/plain; charset=utf-8
        ps1 text/plain; charset=utf-8
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
        jp2 image/jp2
        hdr image/vnd.radiance
        svg image/svg+xml
        svgz image/svg+xml
        ico image/vnd.microsoft.icon
        cur image/vnd.microsoft.icon
        bmp image/bmp
        tif image/tiff
        tiff image/tiff
        psd image/vnd.adobe.photoshop
        djvu image/vnd.djvu
        djv image/vnd.djvu
        woff font/woff
        woff2 font/woff2
        ttf font/ttf
        otf font/otf
        ttc font/collection
        eot application/vnd.ms-fontobject
        mp3 audio/mpeg
        m4a audio/mp4
        m4b audio/mp4
        caf audio/x-caf
        aif audio/aiff
        aiff audio/aiff
        amr audio/amr
        mka audio/matroska
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
        cmfv video/mp4
        cmfa audio/mp4
        mov video/quicktime
        webm video/webm
        ogv video/ogg
        mkv video/matroska
        ts video/mp2t
        avi video/vnd.avi
        mpg video/mpeg
        mpeg video/mpeg
        3gp video/3gpp
        3g2 video/3gpp2
        wmv video/x-ms-wmv
        flv video/x-flv
        m2ts video/mp2t
        f4v video/mp4
        m3u8 application/vnd.apple.mpegurl
        m3u audio/mpegurl
        mpd application/dash+xml
        glb model/gltf-binary
        gltf model/gltf+json
        obj model/obj
        mtl model/mtl
        stl model/stl
        usdz model/vnd.usdz+zip
        3mf model/3mf
        step model/step
        vrm model/gltf-binary
        ktx2 image/ktx2
        dae model/vnd.collada+xml
        pdf application/pdf
        epub application/epub+zip
        mobi application/x-mobipocket-ebook
        azw3 application/vnd.amazon.mobi8-ebook
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
        pmtiles application/vnd.pmtiles
        mvt application/vnd.mapbox-vector-tile
        pbf application/x-protobuf
        zip application/zip
        gz application/gzip
        tgz application/gzip
        br application/octet-stream
        zst application/zstd
        bz2 application/x-bzip2
        xz application/x-xz
        lz4 application/x-lz4
        tar application/x-tar
        7z application/x-7z-compressed
        cab application/vnd.ms-cab-compressed
        rar application/vnd.rar
        jar application/java-archive
        war application/java-archive
        crx application/x-chrome-extension
        xpi application/x-xpinstall
        whl application/zip
        nupkg application/zip
        apk application/vnd.android.package-archive
        deb application/vnd.debian.binary-package
        rpm application/x-rpm
        dmg application/x-apple-diskimage
        iso application/x-iso9660-image
        img application/octet-stream
        bin application/octet-stream
        exe application/vnd.microsoft.portable-executable
        dll application/vnd.microsoft.portable-executable
        msi application/x-msi
        msix application/msix
        msixbundle application/msixbundle
        appx application/appx
        appxbundle application/appxbundle
        appinstaller application/appinstaller
        appimage application/octet-stream
        pkg application/octet-stream
        ipa application/octet-stream
        aab application/octet-stream
        torrent application/x-bittorrent
        pem application/x-pem-file
        crt application/x-x509-ca-cert
        cer application/pkix-cert
        crl application/pkix-crl
        p7s application/pkcs7-signature
        pgp application/pgp-encrypted
        sig application/pgp-signature
        mobileconfig application/x-apple-aspen-config
        pkpass application/vnd.apple.pkpass
        eml message/rfc822
        mbox application/mbox
        mhtml multipart/related
        mht multipart/related
        sqlite application/vnd.sqlite3

        """u8;

    /// <summary>
    /// Files without an extension that clients look for at fixed paths (RFC 8615, IANA's well-known URIs), in the same form: the path, a
    /// space, the media type.
    /// </summary>
    public static ReadOnlySpan<byte> WellKnown => """

        apple-app-site-association application/json
        .well-known/apple-app-site-association application/json
        .well-known/host-meta application/xrd+xml
        .well-known/matrix/client application/json
        .well-known/matrix/server application/json
        .well-known/matrix/support application/json
        .well-known/nodeinfo application/json
        .well-known/oauth-authorization-server application/json
        .well-known/oauth-protected-resource application/json
        .well-known/openid-configuration application/json
        .well-known/openid-credential-issuer application/json
        .well-known/passkey-endpoints application/json
        .well-known/smart-configuration application/json
        .well-known/ssf-configuration application/json
        .well-known/traffic-advice application/trafficadvice+json
        .well-known/uma2-configuration application/json
        .well-known/web-identity application/json
        .well-known/webauthn application/json
        .well-known/webfinger application/jrd+json
        .well-known/atproto-did text/plain; charset=utf-8
        .well-known/discord text/plain; charset=utf-8

        """u8;
}
