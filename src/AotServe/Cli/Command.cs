namespace AotServe.Cli;

/// <summary>A command as the manual and the completions describe it.</summary>
/// <param name="name">Its name: the first argument.</param>
/// <param name="takes">What follows the name, as a synopsis.</param>
/// <param name="help">What it does, in a few words.</param>
/// <param name="details">The manual's sentences, plain text.</param>
internal sealed class Command(string name, ConstantText takes, ConstantText help, ConstantText details)
{
    /// <summary>Its name: the first argument.</summary>
    public string Name => name;

    /// <summary>What follows the name, as a synopsis.</summary>
    public ConstantText Takes => takes;

    /// <summary>What it does, in a few words.</summary>
    public ConstantText Help => help;

    /// <summary>The manual's sentences, plain text.</summary>
    public ConstantText Details => details;
}
