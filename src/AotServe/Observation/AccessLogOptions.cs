namespace AotServe.Observation;

/// <summary>Where the access log goes, and what it says.</summary>
internal sealed record AccessLogOptions
{
    /// <summary>The value of <see cref="File"/> that means stdout.</summary>
    public const string StandardOutput = "-";

    /// <summary>The full path of the file, or <see cref="StandardOutput"/>; null: there is no log.</summary>
    public string? File { get; init; }

    /// <summary>The form of its lines.</summary>
    public LogFormat Format { get; init; }

    /// <summary>Whether the form was asked for: also on a terminal it is that then.</summary>
    public bool IsFormatGiven { get; init; }

    /// <summary>Patterns of paths that are not logged, as <see cref="Files.HiddenNames"/> takes them.</summary>
    public string[] Skip { get; init; } = [];

    /// <summary>The name alone. Nobody prints options, and what the compiler would make names each property in a string of the program.</summary>
    public override string ToString() => nameof(AccessLogOptions);
}
