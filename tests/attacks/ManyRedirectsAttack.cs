using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace AotServe.Attacks;

internal sealed class ManyRedirectsAttack : Attack
{
    public override string Name => "many-redirects";

    public override string What => "a _redirects file with 5,000 rules that almost match";

    public override void Run(Target target, List<Figure> figures)
    {
        (string What, string Rule, string Path)[] cases =
        [
            ("the last part differs", "/:x/a/b/{0} /t", "/z/a/b/c"),
            ("a query of 3,000 ampersands", "/q a=:a b={0} /t", "/q?" + new string('&', 3_000)),
            ("a query of 1,500 parameters", "/q a=:a b={0} /t", "/q?" + string.Concat(Enumerable.Repeat("a&", 1_500))),
            ("all lead to themselves", "/* /", "/"),
        ];
        foreach ((string what, string rule, string path) in cases)
        {
            string folder = Target.MakeFolder();
            try
            {
                File.WriteAllLines(Path.Combine(folder, "_redirects"), Enumerable.Range(0, 5_000).Select(i => string.Format(null, rule, i)));
                using RunningTarget server = target.Serve(folder, "--threads", "1");
                figures.Add(new Figure($"processor time of a request; {what}", RequestCost.Of(server, path), 1, "ms"));
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }
}
