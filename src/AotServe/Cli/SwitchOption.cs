using System;

namespace AotServe.Cli;

/// <summary>
/// An option without a value: <c>--name</c> turns something on. Its environment variable turns it on or off: <c>1</c>,
/// <c>true</c>, <c>yes</c>, <c>on</c>, or their opposites.
/// </summary>
internal sealed class SwitchOption : Option
{
    /// <summary>Gives the options with the switch on or off.</summary>
    public required Func<ServerOptions, bool, ServerOptions> Set { get; init; }
}
