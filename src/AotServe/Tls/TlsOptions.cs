namespace AotServe.Tls;

/// <summary>With which certificates TLS is spoken, and what browsers are told of it.</summary>
internal sealed record TlsOptions
{
    /// <summary>The seconds of <see cref="StrictTransport"/> where none are given: two years, as Mozilla's profiles and the preload list have it.</summary>
    public const int DefaultStrictTransport = 63_072_000;

    /// <summary>The full paths of the chains of certificates; none: no TLS.</summary>
    public string[] Certificates { get; init; } = [];

    /// <summary>The full paths of their private keys, in the same order.</summary>
    public string[] Keys { get; init; } = [];

    /// <summary>All of these files.</summary>
    public string[] Files => [.. Certificates, .. Keys];

    /// <summary>For how many seconds browsers are to use nothing but TLS (RFC 6797); null: nothing is said.</summary>
    public long? StrictTransport { get; init; }

    /// <summary>Whether TLS is spoken.</summary>
    public bool IsOn => Certificates.Length > 0;

    /// <summary>The name alone. Nobody prints options, and what the compiler would make names each property in a string of the program.</summary>
    public override string ToString() => nameof(TlsOptions);
}
