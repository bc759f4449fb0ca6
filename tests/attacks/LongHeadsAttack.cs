using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace AotServe.Attacks;

internal sealed class LongHeadsAttack : Attack
{
    public override string Name => "long-heads";

    public override string What => "heads as long as they may be, with thousands of whatever a field or a query is made of";

    public override void Run(Target target, List<Figure> figures)
    {
        (string Name, string Member)[] lists =
        [
            ("Accept-Encoding", "a,"), ("Accept-Encoding", "gzip;q=0.1,"), ("Accept", "*/*;q=0.1,"), ("If-None-Match", "\"\","),
            ("If-Match", "W/\"a\","), ("Connection", "a,"), ("Range", "1-,"), ("Cookie", "a=b;"), ("TE", "a,"), ("Authorization", "Basic QQ=="),
        ];
        (string What, string Path)[] paths =
        [
            ("a/", "/" + Repeat("a/", 2_000)), ("a/../", "/" + Repeat("a/../", 1_500)), ("slashes", "/" + Repeat("/", 8_000)),
            ("parameters", "/many/?" + Repeat("a&", 3_900)), ("orders", "/many/?" + Repeat("sort&order&", 700)),
        ];
        string folder = Target.MakeFolder();
        try
        {
            File.WriteAllText(Path.Combine(folder, "index.html"), new string('x', 3_000));
            File.WriteAllText(Path.Combine(folder, "index.html.gz"), "x");
            Directory.CreateDirectory(Path.Combine(folder, "many"));
            File.WriteAllText(Path.Combine(folder, "many", "file"), "");
            using RunningTarget server = target.Serve([folder, "--threads", "1", "--listing"]);
            foreach ((string name, string member) in lists)
            {
                string path = name == "Accept" ? "/many/" : "/";
                string fields = $"{name}: {Repeat(member, 31_000 / member.Length).TrimEnd()}\r\n";
                figures.Add(new Figure($"processor time of a request; {name} of {member}", RequestCost.Of(server, path, fields: fields), 0.5, "ms"));
            }

            foreach ((string what, string path) in paths)
            {
                figures.Add(new Figure($"processor time of a request; path of {what}", RequestCost.Of(server, path), 0.5, "ms"));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));
}
