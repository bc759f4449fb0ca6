using System;

namespace AotServe.Cli;

/// <summary>
/// One option: an entry of <see cref="OptionTable"/>, from which parsing, the environment, the help and the "did you
/// mean" are driven. It takes a value (<see cref="Read"/>), turns something on (<see cref="Switch"/>), or asks for a text
/// and the end (<see cref="Print"/>).
/// </summary>
internal sealed class Option
{
    private const string VariablePrefix = "AOTSERVE_";

    /// <summary>The name without its dashes: lower-case ASCII letters and single hyphens.</summary>
    public required string Name { get; init; }

    /// <summary>A one-letter spelling, or NUL for none.</summary>
    public char Letter { get; init; }

    /// <summary>The heading that the help lists it under. Options of one group stand together in the table.</summary>
    public required string Group { get; init; }

    /// <summary>What the help calls the value: <c>N</c>, <c>DIR</c>; null where it takes none.</summary>
    public string? Placeholder { get; init; }

    /// <summary>The help's words for it, without the default; short enough for one line of 80 columns.</summary>
    public required string Help { get; init; }

    /// <summary>The help's words for what holds without it; null: nothing worth saying.</summary>
    public string? Default { get; init; }

    /// <summary>What a right value is, such that "is not …" and "needs a value: …" both read well.</summary>
    public string? Expects { get; init; }

    /// <summary>Works, but is neither listed nor suggested: a switch for tests.</summary>
    public bool Hidden { get; init; }

    /// <summary>Each of several values counts; its variable holds a list, split at <see cref="Separators"/>.</summary>
    public bool IsList { get; init; }

    /// <summary>What is between the values in the variable of a list: commas and spaces, or what no value can hold.</summary>
    public char[] Separators { get; init; } = [',', ' '];

    /// <summary>
    /// What <c>--name</c> alone means; a value then stands behind an equals sign, never as the next argument. Null: it
    /// needs a value.
    /// </summary>
    public string? BareValue { get; init; }

    /// <summary>Reads a value; null where the option takes none.</summary>
    public OptionReader? Read { get; init; }

    /// <summary>
    /// Turns it on, or off again: <c>--name</c>, or a variable that says <c>1</c>, <c>true</c>, <c>yes</c>, <c>on</c> or
    /// their opposites; null where the option is no switch.
    /// </summary>
    public Func<ServerOptions, bool, ServerOptions>? Switch { get; init; }

    /// <summary>Makes the text that the option asks for in place of serving; null where it does not.</summary>
    public Func<string>? Print { get; init; }

    /// <summary>The environment variable that sets it, by one rule for all: <c>AOTSERVE_EXIT_AFTER</c>.</summary>
    public string Variable => string.Create(VariablePrefix.Length + Name.Length, Name, static (variable, name) =>
    {
        VariablePrefix.CopyTo(variable);
        for (int i = 0; i < name.Length; i++)
        {
            variable[VariablePrefix.Length + i] = name[i] == '-' ? '_' : (char)(name[i] - 'a' + 'A');
        }
    });

    /// <summary>Whether an argument, up to its equals sign, names this option: <c>--port</c>, <c>-h</c>.</summary>
    public bool IsCalled(ReadOnlySpan<char> spelling) =>
        (spelling.Length == 2 && spelling[1] == Letter && Letter != '\0') ||
        (spelling.Length == Name.Length + 2 && spelling.StartsWith("--") && spelling[2..].SequenceEqual(Name));
}
