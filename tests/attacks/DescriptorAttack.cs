using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace AotServe.Attacks;

internal sealed class DescriptorAttack : Attack
{
    public override string Name => "descriptors";

    public override string What => "the parent leaves descriptors open";

    public override void Run(Target target, List<Figure> figures)
    {
        const string Script = "exec 4</dev/zero 9</dev/zero 77</dev/zero 500</dev/zero; exec \"$0\" \"$@\"";
        using var server = new RunningTarget("bash", ["-c", Script, target.Binary, "--port", "0", "--bind", "127.0.0.1", "--poller", target.Poller]);
        int open = Directory.EnumerateFileSystemEntries($"/proc/{server.Pid}/fd").Count(path => new FileInfo(path).LinkTarget == "/dev/zero");
        figures.Add(new Figure("descriptors that are still open, of 4", open, 0, ""));
    }
}
