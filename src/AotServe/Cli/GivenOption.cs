namespace AotServe.Cli;

/// <summary>An option as it stood on the command line, where it was right.</summary>
/// <param name="option">Which one.</param>
/// <param name="value">Its value as it was typed; null for an option without one.</param>
internal sealed class GivenOption(Option option, string? value)
{
    /// <summary>Which option it is.</summary>
    public Option Option => option;

    /// <summary>Its value as it was typed; null for an option without one.</summary>
    public string? Value => value;
}
