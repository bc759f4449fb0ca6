using System;
using System.Diagnostics;
using System.IO;

namespace AotServe.EndToEndTests.Harness;

/// <summary>A small program in C, for what no shell can do: gcc is there, since a publish needs it.</summary>
internal static class CompiledProgram
{
    /// <summary>Compiles a program and returns its path. Called once for each name.</summary>
    public static string Compile(string name, string source)
    {
        string program = Path.Combine(Repository.Root, ".artifacts", name);
        Directory.CreateDirectory(Path.GetDirectoryName(program)!);
        string file = program + ".c";
        File.WriteAllText(file, source);
        using var compiler = Process.Start("gcc", ["-Wall", "-Werror", "-o", program, file]);
        compiler.WaitForExit();
        return compiler.ExitCode == 0 ? program : throw new InvalidOperationException($"gcc could not compile {name}.");
    }
}
