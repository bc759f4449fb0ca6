using System.Diagnostics.CodeAnalysis;

namespace AotServe.Cli;

/// <summary>Sets a <see cref="TextOption"/> to a value.</summary>
/// <param name="value">The value as it was given; not empty.</param>
/// <param name="options">What was read so far.</param>
/// <param name="changed">The same with the option set.</param>
/// <param name="error">
/// What is wrong and what would be right, to follow the quoted value; null where "is not" and
/// <see cref="TextOption.Takes"/> say enough.
/// </param>
internal delegate bool OptionReader(
    string value, ServerOptions options, [NotNullWhen(true)] out ServerOptions? changed, out string? error);
