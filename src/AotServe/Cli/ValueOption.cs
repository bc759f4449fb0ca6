using System.Diagnostics.CodeAnalysis;

namespace AotServe.Cli;

/// <summary>An option with a value: <see cref="TextOption"/>, <see cref="NumberOption"/> or <see cref="SecondsOption"/>.</summary>
internal abstract class ValueOption : Option
{
    /// <summary>The help's name for the value: <c>N</c>, <c>DIR</c>.</summary>
    public required string Placeholder { get; init; }

    /// <summary>The default as a text: a value, or words such as "no limit"; null: there is none to show.</summary>
    public string? Default { get; init; }

    /// <summary>The default as the help shows it; null: it shows none.</summary>
    public virtual string? ShownDefault => Default;

    /// <summary>All right values, with a space between two; null: they are too many to be named.</summary>
    public string? Choices { get; init; }

    /// <summary>Whether the value holds a path.</summary>
    public PathForm PathForm { get; init; }

    /// <summary>What a right value is, such that "is not …" and "needs a value: …" both read well.</summary>
    public abstract string Expects { get; }

    /// <summary>
    /// The characters that separate several values in the environment variable; null: the option takes one value only. On the
    /// command line, an option with several values is repeated.
    /// </summary>
    public string? Separators { get; init; }

    /// <summary>
    /// The value of <c>--name</c> alone; another value then follows an equals sign, and is never the next argument. Null: a
    /// value is required.
    /// </summary>
    public string? BareValue { get; init; }

    /// <summary>Sets the option to a value. The error follows the quoted value.</summary>
    /// <param name="value">The value as it was given; not empty.</param>
    /// <param name="options">What was read so far.</param>
    /// <param name="changed">The same with the option set.</param>
    /// <param name="error">What is wrong and what would be right.</param>
    public bool TryRead(
        string value,
        ServerOptions options,
        [NotNullWhen(true)] out ServerOptions? changed,
        [NotNullWhen(false)] out string? error)
    {
        if (TryReadValue(value, options, out changed, out error))
        {
            return true;
        }

        error ??= "is not " + Expects;
        return false;
    }

    /// <summary>The same, except that <paramref name="error"/> is null where "is not" <see cref="Expects"/> says enough.</summary>
    protected abstract bool TryReadValue(
        string value, ServerOptions options, [NotNullWhen(true)] out ServerOptions? changed, out string? error);
}
