using System;

namespace AotServe.Cli;

/// <summary>
/// One option: an entry of <see cref="OptionTable"/>. Parsing, the environment, the help and the "did you mean" all read it.
/// It is a <see cref="ValueOption"/>, a <see cref="SwitchOption"/> or a <see cref="PrintOption"/>.
/// </summary>
/// <remarks>
/// The table is built at every start. So an option holds constants and static lambdas only; texts that an error or the help
/// needs are put together when they are asked for.
/// </remarks>
internal abstract class Option
{
    private const string VariablePrefix = "AOTSERVE_";

    /// <summary>The name without its dashes: lower-case ASCII letters and single hyphens.</summary>
    public required string Name { get; init; }

    /// <summary>A one-letter spelling, or NUL for none.</summary>
    public char Letter { get; init; }

    /// <summary>Another letter, which the help does not show, or NUL for none.</summary>
    public char SecondLetter { get; init; }

    /// <summary>The heading under which the help lists the option. Options of one group stand together in the table.</summary>
    public required string Group { get; init; }

    /// <summary>The help's text, without the default. With it, it must fit on one line of 80 columns.</summary>
    public required ConstantText Help { get; init; }

    /// <summary>For tests only: the option works, but the help does not list it and no error suggests it.</summary>
    public bool Hidden { get; init; }

    /// <summary>The environment variable that sets the option. One rule makes all names: <c>AOTSERVE_EXIT_AFTER</c>.</summary>
    public string Variable => string.Create(VariablePrefix.Length + Name.Length, Name, static (variable, name) =>
    {
        VariablePrefix.CopyTo(variable);
        for (int i = 0; i < name.Length; i++)
        {
            variable[VariablePrefix.Length + i] = name[i] == '-' ? '_' : (char)(name[i] - 'a' + 'A');
        }
    });

    /// <summary>Whether an argument, up to its equals sign, is a spelling of this option: <c>--port</c>, <c>-h</c>.</summary>
    public bool Matches(ReadOnlySpan<char> spelling) =>
        (spelling.Length == 2 && spelling[0] == '-' && spelling[1] != '\0' && (spelling[1] == Letter || spelling[1] == SecondLetter)) ||
        (spelling.Length == Name.Length + 2 && spelling.StartsWith("--") && spelling[2..].SequenceEqual(Name));
}
