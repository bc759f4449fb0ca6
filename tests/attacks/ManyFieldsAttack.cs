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
        foreach ((string what, string name) in ((string, string)[])[("of one name", "X-Many"), ("of as many names", "X-{0}")])
        {
            string folder = Target.MakeFolder();
            try
            {
                File.WriteAllText(Path.Combine(folder, "index.html"), "page");
                File.WriteAllLines(
                    Path.Combine(folder, "_headers"), Enumerable.Range(0, 5_000).Select(i => $"/*\n  {string.Format(null, name, i)}: v{i}"));
                using RunningTarget server = target.Serve(folder, "--threads", "1");
                figures.Add(new Figure($"processor time of a request; fields {what}", RequestCost.Of(server, "/"), 1, "ms"));
                figures.Add(new Figure($"peak memory; fields {what}", server.PeakMemory, 34 + 20, "MB"));
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }
}
