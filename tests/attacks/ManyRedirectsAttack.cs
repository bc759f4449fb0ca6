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
            ("six parts, of which the last differs", "/:a/:b/:c/:d/:e/x{0} /t", "/1/2/3/4/5/" + new string('x', 3_900)),
            ("the part behind a star differs", "/*/a/b/c{0} /t", "/" + string.Concat(Enumerable.Repeat("a/", 1_900)) + "a/b/c"),
            ("a long value of the query differs", "/q a=" + new string('v', 300) + "{0} /t", "/q?a=" + string.Concat(Enumerable.Repeat("%76", 300))),
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
                figures.Add(new Figure($"processor time of a request; {what}", RequestCost.Of(server, path), 0.5, "ms"));
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }
}
