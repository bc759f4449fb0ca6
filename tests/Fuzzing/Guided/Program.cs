using System;
using System.IO;
using System.Linq;
using SharpFuzz;
using SharpFuzz.Common;

namespace AotServe.Fuzzing;

/// <summary>
/// What afl-fuzz runs: <c>guided instrument ASSEMBLY</c> makes an assembly report which branches it takes, <c>guided TARGET</c>
/// reads inputs for one target as the fuzzer makes them, <c>guided TARGET FILE…</c> reads files, and <c>guided list</c> says
/// which targets there are.
/// </summary>
internal static class Program
{
    public static int Main(string[] arguments)
    {
        FuzzTarget? target = FuzzTarget.All.FirstOrDefault(target => target.Name == arguments.FirstOrDefault());
        switch (arguments)
        {
            case ["list"]:
                Console.WriteLine(string.Join('\n', FuzzTarget.All));
                return 0;
            case ["instrument", string assembly]:
                Fuzzer.Instrument(assembly, _ => true, Options.Value);
                return 0;
            case [_] when target is not null:
                RunGuided(target);
                return 0;
            case [_, .. string[] files] when target is not null:
                return files.Count(file => !TryRun(target, file)) == 0 ? 0 : 1;
            default:
                Console.Error.WriteLine("guided: write 'guided list', 'guided instrument ASSEMBLY', 'guided TARGET' or 'guided TARGET FILE…'");
                return 2;
        }
    }

    /// <summary>
    /// Runs inputs as afl-fuzz hands them over. Each run marks a place of its own in the map of branches: afl-fuzz gives up on a
    /// program whose first input takes no branch at all, and that input can be an empty one, since SharpFuzz may read the file
    /// before afl-fuzz has written it.
    /// </summary>
    private static unsafe void RunGuided(FuzzTarget target)
    {
        byte[] buffer = new byte[1024 * 1024];
        Fuzzer.Run(stream =>
        {
            int length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            Trace.SharedMem[0] = 1;
            target.Run(buffer.AsSpan(0, length));
        });
    }

    private static bool TryRun(FuzzTarget target, string file)
    {
        try
        {
            target.Run(File.ReadAllBytes(file));
            return true;
        }
        catch (Exception finding)
        {
            Console.WriteLine($"{file}: {finding}");
            return false;
        }
    }
}
