using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace AotServe.Cli;

/// <summary>An option whose value is a whole number.</summary>
internal sealed class NumberOption : ValueOption
{
    /// <summary>For <see cref="Unit"/>: the bytes of a MiB.</summary>
    public const long Mebibyte = 1024 * 1024;

    /// <summary>A maximum from here on is not worth naming in an error.</summary>
    private const long Unbounded = int.MaxValue;

    /// <summary>What the number counts, such as "a number of MiB".</summary>
    public required ConstantText Quantity { get; init; }

    /// <summary>The least number that may be given; not negative.</summary>
    public long Least { get; init; }

    /// <summary>The greatest number that may be given.</summary>
    public required long Most { get; init; }

    /// <summary>How many units of the property there are in one of the option: the bytes of a MiB.</summary>
    public long Unit { get; init; } = 1;

    /// <summary>The default in the property's unit; null: <see cref="ValueOption.Default"/> says it in words.</summary>
    public long? DefaultNumber { get; init; }

    /// <summary>Gives the options with the number, which is in the property's unit.</summary>
    public required Func<ServerOptions, long, ServerOptions> Set { get; init; }

    public override string? ShownDefault =>
        DefaultNumber is { } number ? (number / Unit).ToString(CultureInfo.InvariantCulture) : Default;

    public override string Expects =>
        Most >= Unbounded ? Quantity + ", " + Least + " or more" : Quantity + " from " + Least + " to " + Most;

    protected override bool TryReadValue(
        string value, ServerOptions options, [NotNullWhen(true)] out ServerOptions? changed, out string? error)
    {
        error = null;
        changed = Numeral.TryRead(value, Least, Most, out long number) ? Set(options, number * Unit) : null;
        return changed is not null;
    }
}
