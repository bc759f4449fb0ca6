using System.Diagnostics.CodeAnalysis;

namespace AotServe.Cli;

/// <summary>An option whose value is a text with a syntax of its own.</summary>
internal sealed class TextOption : ValueOption
{
    /// <summary>For <see cref="ValueOption.Separators"/>: values that hold neither a comma nor a space.</summary>
    public const string CommaOrSpace = ", ";

    /// <summary>For <see cref="ValueOption.Separators"/>: values that may hold anything but a line end.</summary>
    public const string Line = "\n";

    /// <summary>What a right value is; see <see cref="ValueOption.Expects"/>.</summary>
    public required ConstantText Takes { get; init; }

    /// <summary>Reads and sets a value.</summary>
    public required OptionReader Read { get; init; }

    public override string Expects => Takes.ToString();

    protected override bool TryReadValue(
        string value, ServerOptions options, [NotNullWhen(true)] out ServerOptions? changed, out string? error) =>
        Read(value, options, out changed, out error);
}
