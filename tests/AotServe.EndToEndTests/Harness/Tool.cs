using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;
using Xunit;

namespace AotServe.EndToEndTests.Harness;

/// <summary>A program of the system that may not be installed, such as man or fish.</summary>
internal static class Tool
{
    /// <summary>Skips the test, and names the program, where it is not installed.</summary>
    public static void Require(string name) =>
        Assert.SkipUnless(
            Array.Exists((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'), folder => File.Exists(Path.Combine(folder, name))),
            $"{name} is not installed.");

    /// <summary>Runs a program to its end, with an empty stdin and messages in English.</summary>
    public static (int Code, string Out, string Error) Run(string file, params string[] arguments) => RunIn("/", file, arguments);

    /// <summary>The same in a folder.</summary>
    public static (int Code, string Out, string Error) RunIn(string folder, string file, params string[] arguments)
    {
        var info = new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string name in new List<string>(info.Environment.Keys))
        {
            if (name.StartsWith("AOTSERVE_", StringComparison.Ordinal))
            {
                info.Environment.Remove(name);
            }
        }

        info.Environment["LC_ALL"] = "C.UTF-8";
        info.Environment["MANWIDTH"] = "200";
        using Process process = Process.Start(info)!;
        process.StandardInput.Close();
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }
}
