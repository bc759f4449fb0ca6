using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.Versioning;

// What is measured is read from /proc.
[assembly: SupportedOSPlatform("linux")]

namespace AotServe.Attacks;

/// <summary>Runs the attacks that its arguments name against a binary, and prints what it measured beside the bounds.</summary>
internal static class Program
{
    private const int UsageError = 2;

    private const string Usage = """
        Usage: tests/attacks/run.sh [NAME]... [OPTION]...

        Runs the named attacks (default: all) against an aotserve that it starts, over loopback only.

          --binary FILE     the executable (default: this tree's, published)
          --before FILE     another executable, attacked beside it
          --poller NAME     epoll or select (default: epoll)
          --list            print the names
          --help            print this

        Exit code: 0: every bound holds; 1: one does not; 2: the arguments are wrong.
        """;

    private static readonly Attack[] Attacks =
    [
        new ListingAttack(), new HeldListingsAttack(), new HeldContentAttack(), new HeldCompressedAttack(), new HiddenNamesAttack(), new LongHeadsAttack(),
        new ManyFieldsAttack(), new ManyRedirectsAttack(), new WithheldFilesAttack(), new MovedFolderAttack(), new SignInAttack(),
        new DescriptorAttack(), new SlotsAttack(), new SendBufferAttack(),
    ];

    private static int Main(string[] arguments)
    {
        string? binary = null, before = null;
        string poller = "epoll";
        var names = new List<string>();
        for (int i = 0; i < arguments.Length; i++)
        {
            string option = arguments[i];
            if (option == "--help")
            {
                Console.WriteLine(Usage);
                return 0;
            }

            if (option == "--list")
            {
                foreach (Attack attack in Attacks)
                {
                    Console.WriteLine($"{attack.Name,-14} {attack.What}");
                }

                return 0;
            }

            if (!option.StartsWith('-'))
            {
                names.Add(option);
                continue;
            }

            if (++i == arguments.Length)
            {
                return Fail($"{option} needs a value; try --help");
            }

            switch (option)
            {
                case "--binary":
                    binary = arguments[i];
                    break;
                case "--before":
                    before = arguments[i];
                    break;
                case "--poller" when arguments[i] is "epoll" or "select":
                    poller = arguments[i];
                    break;
                default:
                    return Fail($"{option} {arguments[i]} is not known; try --help");
            }
        }

        if (names.FirstOrDefault(name => !Attacks.Any(attack => attack.Name == name)) is { } unknown)
        {
            return Fail($"there is no attack '{unknown}'; --list names them");
        }

        if (binary is null || !File.Exists(binary) || (before is not null && !File.Exists(before)))
        {
            return Fail($"--binary {binary} and --before {before} must be executables");
        }

        return Run(names, Path.GetFullPath(binary), before is null ? null : Path.GetFullPath(before), poller);
    }

    private static int Run(List<string> names, string binary, string? before, string poller)
    {
        Console.WriteLine($"| attack | figure | {(before is null ? "" : "before | ")}measured | bound | |");
        Console.WriteLine($"|---|---|{(before is null ? "" : "---:|")}---:|---:|---|");
        bool hold = true;
        foreach (Attack attack in Attacks.Where(attack => names.Count == 0 || names.Contains(attack.Name)))
        {
            List<Figure> earlier = before is null ? [] : Measure(attack, before, poller);
            List<Figure> figures = Measure(attack, binary, poller);
            for (int i = 0; i < figures.Count; i++)
            {
                Figure figure = figures[i];
                string old = before is null ? "" : (i < earlier.Count ? earlier[i].Text : "–") + " | ";
                Console.WriteLine($"| {attack.Name} | {figure.What} | {old}{figure.Text} | {figure.BoundText} | {(figure.Holds ? "held" : "**NOT HELD**")} |");
                hold &= figure.Holds;
            }
        }

        return hold ? 0 : 1;
    }

    private static List<Figure> Measure(Attack attack, string binary, string poller)
    {
        var figures = new List<Figure>();
        try
        {
            attack.Run(new Target(binary, poller), figures);
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException or InvalidOperationException)
        {
            figures.Add(new Figure($"the attack ended early: {e.Message.ReplaceLineEndings(" ")}", 1, 0, ""));
        }

        return figures;
    }

    private static int Fail(string error)
    {
        Console.Error.WriteLine($"attacks: {error}");
        return UsageError;
    }
}
