namespace AotServe.Cli;

/// <summary>
/// What the command line asks for: exactly one of <see cref="Options"/> (serve), <see cref="Output"/> (print this on
/// stdout and exit 0: help, version) and <see cref="Error"/> (one line for stderr without "aotserve: ", exit code 2).
/// </summary>
internal readonly record struct CommandLineResult(ServerOptions? Options, string? Output, string? Error);
