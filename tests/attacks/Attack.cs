using System.Collections.Generic;

namespace AotServe.Attacks;

/// <summary>What somebody does to a server who means it ill, for some seconds, and what must hold meanwhile.</summary>
internal abstract class Attack
{
    /// <summary>For the command line.</summary>
    public abstract string Name { get; }

    /// <summary>What is done, in a line.</summary>
    public abstract string What { get; }

    /// <summary>Attacks, and adds what was measured. Leaves no process and no file behind.</summary>
    public abstract void Run(Target target, List<Figure> figures);
}
