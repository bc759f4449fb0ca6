using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace AotServe.Cli;

/// <summary>An option whose value is a time in seconds, with a fraction or without. The property is in milliseconds.</summary>
internal sealed class SecondsOption : ValueOption
{
    private const int MillisecondsPerSecond = 1000;

    /// <summary>The greatest time that may be given, in seconds. The least is 0.</summary>
    public required int Most { get; init; }

    /// <summary>The default, in milliseconds: whole seconds.</summary>
    public required long DefaultTime { get; init; }

    /// <summary>Gives the options with the time, which is in milliseconds.</summary>
    public required Func<ServerOptions, long, ServerOptions> Set { get; init; }

    public override string? ShownDefault => (DefaultTime / MillisecondsPerSecond).ToString(CultureInfo.InvariantCulture);

    public override string Expects => "a number of seconds from 0 to " + Most + ", such as 2.5";

    protected override bool TryReadValue(
        string value, ServerOptions options, [NotNullWhen(true)] out ServerOptions? changed, out string? error)
    {
        error = null;
        changed = Numeral.TryReadSeconds(value, Most, out long milliseconds) ? Set(options, milliseconds) : null;
        return changed is not null;
    }
}
