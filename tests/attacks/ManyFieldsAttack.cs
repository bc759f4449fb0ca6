using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace AotServe.Attacks;

internal sealed class ManyFieldsAttack : Attack
{
    public override string Name => "many-fields";

    public override string What => "a _headers file with 5,000 rules that all match";

    public override void Run(Target target, List<Figure> figures)
    {
        (string What, string Rule, string Path)[] cases =
        [
            ("of one name", "/*\n  X-Many: v{0}", "/"),
            ("of as many names", "/*\n  X-{0}: v{0}", "/"),
            ("behind eight wildcards", "/:a/:b/:c/:d/:e/:f/:g/:h\n  X-Many: v{0}", "/1/2/3/4/5/6/7/8"),
            ("of 4,000 bytes each", "/*\n  X-{0}: :splat", "/" + new string('x', 4_000)),
        ];
        foreach ((string what, string rule, string path) in cases)
        {
            string folder = Target.MakeFolder();
            try
            {
                File.WriteAllText(Path.Combine(folder, "index.html"), "page");
                File.WriteAllLines(
                    Path.Combine(folder, "_headers"), Enumerable.Range(0, 5_000).Select(i => string.Format(null, rule, i)));
                using RunningTarget server = target.Serve(folder, "--threads", "1");
                figures.Add(new Figure($"processor time of a request; fields {what}", RequestCost.Of(server, path), 0.5, "ms"));
                figures.Add(new Figure($"peak memory; fields {what}", server.PeakMemory, 34 + 20, "MB"));
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }
}
