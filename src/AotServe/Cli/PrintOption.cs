using System;

namespace AotServe.Cli;

/// <summary>An option that has the program print a text and exit. It has no environment variable.</summary>
internal sealed class PrintOption : Option
{
    /// <summary>Makes the text.</summary>
    public required Func<string> Make { get; init; }
}
