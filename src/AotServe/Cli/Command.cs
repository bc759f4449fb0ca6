namespace AotServe.Cli;

/// <summary>A command as the manual and the completions describe it.</summary>
/// <param name="name">Its name: the first argument.</param>
/// <param name="takes">What follows the name, as a synopsis.</param>
/// <param name="help">What it does, in a few words.</param>
/// <param name="details">The manual's sentences, plain text.</param>
internal sealed class Command(string name, string takes, string help, string details)
{
    /// <summary>Its name: the first argument.</summary>
    public string Name => name;

    /// <summary>What follows the name, as a synopsis.</summary>
    public string Takes => takes;

    /// <summary>What it does, in a few words.</summary>
    public string Help => help;

    /// <summary>The manual's sentences, plain text.</summary>
    public string Details => details;
}
