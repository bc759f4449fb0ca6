using System;
using System.Linq;
using System.Net;
using System.Text;
using AotServe.Cli;
using AotServe.Net;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AotServe.Tests.Cli;

/// <summary>What holds for every command line and every environment.</summary>
public sealed class CommandLineProperties
{
    /// <summary>Pieces that lead somewhere; from random characters alone no option would ever come about.</summary>
    private static readonly string[] Pieces =
    [
        "", "-", "--", "---", "-=", "--=", "=", "--port", "--port=", "--port=80", "-port", "--prot", "--threads", "--bind", "--bind=::1",
        "--bind=127.0.0.1", "--exit-after", "--shutdown-timeout", "--shutdown-timeout=.", "--poller", "--poller=select", "--root", "--root=/",
        "0", "4", "2.5", "-1", "65536", "99999999999999999999", "::1", "[::1]:80", "127.1", "fe80::1%x", "localhost", "/", ".", "/nope", "a\0b",
        "a\nb", "\u001b[2J", "\u2028", "\ud800", "é", "epoll",
    ];

    private static readonly Gen<string> Word = Gen.Frequency(
        (150, Gen.Elements(Pieces)),
        (50, ArbMap.Default.ArbFor<string>().Generator.Select(text => text ?? "")),
        (1, Gen.Elements("--help", "-h", "--version", "-V")));

    [Fact]
    public void Any_command_line_yields_exactly_one_of_the_three_and_errors_of_one_visible_line() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(5_000),
        Prop.ForAll(Word.ListOf().Select(args => args.ToArray()).ToArbitrary(), Word.ToArbitrary(), (string[] args, string variable) =>
        {
            string Shown() => string.Join(' ', args.Select(Quoted.Text));
            ParsedCommand result = CommandLine.Parse(args, name => name is "AOTSERVE_BIND" or "AOTSERVE_PORT" ? variable : null);
            int outcomes = (result.Options is null ? 0 : 1) + (result.Output is null ? 0 : 1) + (result.Error is null ? 0 : 1);
            Assert.True(outcomes == 1, Shown());
            Assert.True(result.Output is not null == args.TakeWhile(arg => arg != "--").Any(IsRequest), Shown());
            if (result.Error is { } error)
            {
                Assert.True(error.Length > 0 && error.EnumerateRunes().All(IsVisible), Shown());
            }
        }));

    [Fact]
    public void Help_is_given_wherever_it_is_asked_for() => Check.One(
        Config.QuickThrowOnFailure,
        Prop.ForAll(
            Word.Where(word => word != "--" && !IsRequest(word)).ListOf().Select(args => args.ToArray()).ToArbitrary(),
            Word.ListOf().Select(args => args.ToArray()).ToArbitrary(),
            (string[] before, string[] after) =>
                CommandLine.Parse([.. before, "--help", .. after], _ => null).Output == HelpText.Make()));

    [Fact]
    public void The_command_line_wins_and_the_variable_comes_before_the_default() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(1_000),
        Prop.ForAll(
            Gen.Choose(-1, 65535).ToArbitrary(),
            Gen.Choose(-1, 65535).ToArbitrary(),
            (int onCommandLine, int inEnvironment) =>
            {
                string[] args = onCommandLine < 0 ? [] : [$"--port={onCommandLine}"];
                ParsedCommand result = CommandLine.Parse(
                    args, name => name == "AOTSERVE_PORT" && inEnvironment >= 0 ? $"{inEnvironment}" : null);
                int expected = onCommandLine >= 0 ? onCommandLine : inEnvironment >= 0 ? inEnvironment : ListenOptions.DefaultPort;
                return result.Options?.Listen.Port == expected;
            }));

    [Fact]
    public void Every_whole_number_is_read_as_the_platform_reads_it() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(5_000),
        Prop.ForAll<long>(number =>
        {
            bool taken = Numeral.TryRead($"{number}", 0, long.MaxValue, out long read);
            return number < 0 ? !taken : taken && read == number;
        }));

    [Fact]
    public void Every_IPv4_address_is_read_as_it_is_written() => Check.One(
        Config.QuickThrowOnFailure,
        Prop.ForAll<byte[]>(quad =>
        {
            byte[] four = [.. quad.Concat(new byte[4]).Take(4)];
            return BindAddress.TryParse(string.Join('.', four), out IPAddress? address, out _)
                && address.GetAddressBytes().AsSpan().SequenceEqual(four);
        }));

    /// <summary>Whether an argument asks for the help or the version.</summary>
    private static bool IsRequest(string argument) => argument is "--help" or "-h" or "--version" or "-V" or "-v";

    private static bool IsVisible(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        System.Globalization.UnicodeCategory.Control or System.Globalization.UnicodeCategory.Format or
        System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator);
}
