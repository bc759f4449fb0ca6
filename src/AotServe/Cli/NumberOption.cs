using System;

namespace AotServe.Cli;

/// <summary>Makes the options whose value is a number: what is read and what an error says is expected are one.</summary>
/// <remarks>
/// At each start for each of them, so the words are joined without interpolation, which takes its first user 0.05 ms.
/// </remarks>
internal static class NumberOption
{
    private const long LeastUnbounded = int.MaxValue;

    /// <summary>An option that is a time in seconds, with a fraction or without.</summary>
    /// <param name="name">See <see cref="Option.Name"/>.</param>
    /// <param name="group">See <see cref="Option.Group"/>.</param>
    /// <param name="help">See <see cref="Option.Help"/>.</param>
    /// <param name="standard">See <see cref="Option.Default"/>.</param>
    /// <param name="most">The most seconds.</param>
    /// <param name="set">Gives the options with the time.</param>
    /// <param name="hidden">See <see cref="Option.Hidden"/>.</param>
    public static Option Seconds(
        string name, string group, string help, string standard, int most,
        Func<ServerOptions, TimeSpan, ServerOptions> set, bool hidden = false) => new()
        {
            Name = name,
            Group = group,
            Placeholder = "SECONDS",
            Help = help,
            Default = standard,
            Expects = "a number of seconds from 0 to " + most + ", such as 2.5",
            Hidden = hidden,
            Read = (string value, ServerOptions options, ref string? error) =>
                Numeral.TryReadSeconds(value, most, out TimeSpan time) ? set(options, time) : null,
        };

    /// <summary>An option that is a whole number.</summary>
    /// <param name="name">See <see cref="Option.Name"/>.</param>
    /// <param name="group">See <see cref="Option.Group"/>.</param>
    /// <param name="placeholder">See <see cref="Option.Placeholder"/>.</param>
    /// <param name="help">See <see cref="Option.Help"/>.</param>
    /// <param name="standard">See <see cref="Option.Default"/>.</param>
    /// <param name="kind">What it is, such as "a number of MiB".</param>
    /// <param name="least">The least it may be.</param>
    /// <param name="most">The most; from 2,147,483,647 on, the words for it name no bound.</param>
    /// <param name="set">Gives the options with the number.</param>
    public static Option Integer(
        string name, string group, string placeholder, string help, string standard, string kind, long least, long most,
        Func<ServerOptions, long, ServerOptions> set) => new()
        {
            Name = name,
            Group = group,
            Placeholder = placeholder,
            Help = help,
            Default = standard,
            Expects = most >= LeastUnbounded ? kind + ", " + least + " or more" : kind + " from " + least + " to " + most,
            Read = (string value, ServerOptions options, ref string? error) =>
                Numeral.TryRead(value, least, most, out long number) ? set(options, number) : null,
        };
}
