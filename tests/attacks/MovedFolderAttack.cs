using System.Collections.Generic;
using System.IO;
using System.Threading;

namespace AotServe.Attacks;

internal sealed class MovedFolderAttack : Attack
{
    public override string Name => "moved-folder";

    public override string What => "a cached folder is moved out of the root, and a link is left in its place";

    public override void Run(Target target, List<Figure> figures)
    {
        string top = Target.MakeFolder();
        try
        {
            string root = Path.Combine(top, "root");
            Directory.CreateDirectory(Path.Combine(root, "sub"));
            foreach ((string name, int length) in ((string, int)[])[("small", 1_000), ("large", 1_000_000)])
            {
                string path = Path.Combine(root, "sub", name);
                File.WriteAllBytes(path, new byte[length]);
                File.SetLastWriteTimeUtc(path, System.DateTime.UtcNow.AddHours(-1));
            }

            using RunningTarget server = target.Serve(root);
            string[] paths = ["/sub/small", "/sub/large"];
            foreach (string path in paths)
            {
                server.Ask(path);
                server.Ask(path);
            }

            Directory.Move(Path.Combine(root, "sub"), Path.Combine(top, "sub"));
            Directory.CreateSymbolicLink(Path.Combine(root, "sub"), Path.Combine(top, "sub"));
            Thread.Sleep(2_000);
            int served = 0;
            for (int i = 0; i < 20; i++)
            {
                foreach (string path in paths)
                {
                    served += server.StatusOf(path) == 200 ? 1 : 0;
                }

                Thread.Sleep(100);
            }

            figures.Add(new Figure("answers from outside of the root, 2 s later", served, 0, ""));
        }
        finally
        {
            Directory.Delete(top, recursive: true);
        }
    }
}
