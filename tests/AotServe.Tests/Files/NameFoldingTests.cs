using System;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Text;
using AotServe.Files;
using AotServe.Fuzzing;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AotServe.Tests.Files;

/// <summary>Which names are the same to a file system that ignores case or the form of characters. Nothing here depends on the one of this machine.</summary>
public sealed class NameFoldingTests
{
    /// <summary>Parts of names that are written in several ways, and the ends of patterns.</summary>
    private static readonly string[] Parts = ["a", "A", "\u00E9", "\u00C9", "e\u0301", "E\u0301", "\u00DF", "SS", "\uD55C", "\u1112\u1161\u11AB", "."];

    private static readonly Gen<string> Path =
        Gen.Elements(Parts).NonEmptyListOf().Select(string.Concat).NonEmptyListOf().Select(names => string.Join('/', names));

    private static readonly Gen<string> Pattern = Gen.Elements([.. Parts, "*", "?", "**"]).ListOf().Select(string.Concat).ListOf()
        .Select(names => string.Join('/', names)).Where(text => text.Trim('/').Length > 0);

    [Theory]
    [InlineData("\u00C4rger.txt", "\u00E4rger.TXT")]
    [InlineData("\u00E4rger.txt", "a\u0308rger.txt")]
    [InlineData("\u00C4rger.txt", "a\u0308rger.txt")]
    [InlineData("\u03A3\u03A3", "\u03C3\u03C2")]
    [InlineData("\u1E69", "s\u0307\u0323")]
    [InlineData("\u1E69", "S\u0323\u0307")]
    [InlineData("\uD55C", "\u1112\u1161\u11AB")]
    [InlineData("\uF900", "\u8C48")]
    [InlineData("\uD87E\uDC00", "\u4E3D")]
    [InlineData("\uD834\uDD5E", "\uD834\uDD57\uD834\uDD65")]
    [InlineData("stra\u00DFe", "STRASSE")]
    [InlineData("\u0587", "\u0565\u0582")]
    [InlineData("\u212B", "\u00E5")]
    [InlineData("sec\u00ADret", "secret")]
    public void Ways_to_write_one_name_are_equal(string one, string other) => Assert.Equal(Fold(one), Fold(other));

    [Theory]
    [InlineData("\u00E4rger", "arger")]
    [InlineData("\u00E4", "\u00E0")]
    [InlineData("\u0430", "a")]
    [InlineData("\uD55C", "\uD55D")]
    [InlineData("\u4E3D", "\u4E3E")]
    [InlineData("\u00E4b", "b\u00E4")]
    public void Other_names_are_not(string one, string other) => Assert.NotEqual(Fold(one), Fold(other));

    [Fact]
    public void Each_character_is_equal_to_itself_in_the_other_case_and_takes_a_bounded_room()
    {
        for (int value = 0; value < 0x30000; value++) // Beyond there is nothing that has a case or is decomposed.
        {
            if (Rune.TryCreate(value, out Rune rune))
            {
                string text = rune.ToString();
                byte[] form = Fold(text);
                Assert.True(form.SequenceEqual(Fold(text.ToUpperInvariant())) && form.SequenceEqual(Fold(text.ToLowerInvariant())), $"U+{value:X}");
                Assert.True(form.Length <= NameFolding.MostGrowth * rune.Utf8SequenceLength, $"U+{value:X}");
            }
        }
    }

    /// <summary>Python has Unicode's own data, which .NET has not where globalization is invariant.</summary>
    [Fact]
    public void Each_character_is_equal_to_its_decomposition_and_its_case_folding()
    {
        int compared = 0;
        foreach (string line in Python("""
            import sys, unicodedata as u
            hex = lambda s: ' '.join('%X' % ord(c) for c in s)
            for c in map(chr, [*range(0xD800), *range(0xE000, 0x30000)]):
                d, f = u.normalize('NFD', c), u.normalize('NFD', u.normalize('NFD', c).casefold())
                if u.unidata_version < '16' and (d != c or f != c):
                    print(hex(c), hex(d), hex(f), sep=';')
            """).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] forms = [.. line.Split(';').Select(form => string.Concat(form.Split(' ').Select(Character)))];
            Assert.True(Fold(forms[0]).SequenceEqual(Fold(forms[1])) && Fold(forms[0]).SequenceEqual(Fold(forms[2])), line);
            compared++;
        }

        Assert.SkipWhen(compared == 0, "The Unicode of this Python is newer than the server's.");
        Assert.InRange(compared, 12_000, 20_000);
    }

    [Fact]
    public void What_is_equal_without_case_has_one_form() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(2_000),
        Prop.ForAll((string text) => string.IsNullOrEmpty(text) || Fold(text).SequenceEqual(Fold(text.ToUpperInvariant()))));

    [Fact]
    public void Any_bytes_are_taken_and_those_that_are_no_text_stay() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(2_000),
        Prop.ForAll((byte[] bytes) =>
        {
            byte[] form = NameFolding.Fold(bytes, new byte[bytes.Length * NameFolding.MostGrowth]).ToArray();
            Assert.Equal(bytes.Count(octet => octet >= 0xF8), form.Count(octet => octet >= 0xF8));
        }));

    [Fact]
    public void A_pattern_hides_a_path_in_whatever_way_both_are_written() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(5_000),
        Prop.ForAll(Pattern.ToArbitrary(), Path.ToArbitrary(), (string pattern, string path) => Assert.True(
            ReferenceGlob.IsHidden(Canonical(pattern), Canonical(path))
                == new Exclusions(HiddenNamesTests.Read([pattern], ignoreCase: true), [], [], new WithheldFiles(), ignoreCase: true)
                    .IsHidden(Encoding.UTF8.GetBytes(path)),
            $"{pattern} on {path}")));

    private static byte[] Fold(string text) => NameFolding.Fold(text);

    private static string Character(string number) => char.ConvertFromUtf32(int.Parse(number, NumberStyles.HexNumber, CultureInfo.InvariantCulture));

    /// <summary>One of the ways in which <see cref="Parts"/> write a text.</summary>
    private static string Canonical(string text) => text
        .Replace("e\u0301", "\u00E9", StringComparison.Ordinal).Replace("E\u0301", "\u00E9", StringComparison.Ordinal)
        .Replace("\u00DF", "ss", StringComparison.Ordinal).Replace("\u1112\u1161\u11AB", "\uD55C", StringComparison.Ordinal).ToLowerInvariant();

    private static string Python(string program)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo("python3", ["-c", program]) { RedirectStandardOutput = true })!;
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
            return output;
        }
        catch (Win32Exception)
        {
            Assert.Skip("There is no python3.");
            throw;
        }
    }
}
