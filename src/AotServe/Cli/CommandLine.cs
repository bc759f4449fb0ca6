using System;
using System.Collections.Generic;

namespace AotServe.Cli;

/// <summary>Reads the command line and the environment into <see cref="ServerOptions"/>.</summary>
internal static class CommandLine
{
    /// <summary>Parses; touches nothing but the file system (to see that a root is a readable folder). Never throws.</summary>
    /// <param name="args">The arguments, without the program's name.</param>
    /// <param name="environment">Looks a variable up: <see cref="Environment.GetEnvironmentVariable(string)"/>, or a test's.</param>
    public static CommandLineResult Parse(IReadOnlyList<string> args, Func<string, string?> environment) =>
        throw new NotImplementedException();
}
