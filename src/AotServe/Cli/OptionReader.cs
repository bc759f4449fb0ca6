namespace AotServe.Cli;

/// <summary>Reads an option's value: the options with it set, or null where the value is refused.</summary>
/// <param name="value">The value as it was given; never empty.</param>
/// <param name="options">What was read so far.</param>
/// <param name="error">
/// For a refusal that <see cref="Option.Expects"/> does not explain: what is wrong and what would be right, to be put
/// after the quoted value. Null on entry; left null, the error says "is not " and what is expected.
/// </param>
internal delegate ServerOptions? OptionReader(string value, ServerOptions options, ref string? error);
