namespace AotServe.Fuzzing;

/// <summary>What one client sends on one connection.</summary>
/// <param name="Name">What is special about it.</param>
/// <param name="Bytes">The bytes, one a character (Latin-1).</param>
internal sealed record WireStream(string Name, string Bytes)
{
    public override string ToString() => $"{Name}: {CSharpText.Of(Bytes)}";
}
