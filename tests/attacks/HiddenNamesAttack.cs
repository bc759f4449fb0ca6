using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace AotServe.Attacks;

internal sealed class HiddenNamesAttack : Attack
{
    public override string Name => "hidden-names";

    public override string What => "long paths against patterns of --hide that are hard to compare";

    public override void Run(Target target, List<Figure> figures)
    {
        string folder = Target.MakeFolder();
        try
        {
            (string What, string Path, string[] Patterns)[] cases =
            [
                ("one pattern, 4 KB of a/", "/drafts/" + Repeat("a/", 2_000), ["/drafts/**/*.md"]),
                ("three patterns, 4 KB of a/", "/drafts/" + Repeat("a/", 2_000), ["/drafts/**/*.md", "/drafts/**/*.mx", "/drafts/**/*.my"]),
                ("stars, one long name", "/" + Repeat("a", 4_000), ["*a*a*a*a*a*b", "**/*a*/**/*a*b", "/a*/**/?b"]),
            ];
            foreach ((string what, string path, string[] patterns) in cases)
            {
                using RunningTarget server = target.Serve([folder, "--threads", "1", .. patterns.SelectMany(pattern => (string[])["--hide", pattern])]);
                figures.Add(new Figure($"processor time of a request; {what}", RequestCost.Of(server, path), 0.5, "ms"));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));
}
