namespace AotServe.Tests.Workers.Interleavings;

/// <summary>A fault that is put into the explored classes.</summary>
/// <param name="Rule">What is broken, in words.</param>
/// <param name="File">The file in <c>src/AotServe/Workers</c>.</param>
/// <param name="Text">What stands there, exactly once.</param>
/// <param name="Replacement">What is put in its place.</param>
/// <param name="Scenario">In which scenario that is found.</param>
internal sealed record Mutation(string Rule, string File, string Text, string Replacement, string Scenario)
{
    /// <inheritdoc/>
    public override string ToString() => Rule;
}
