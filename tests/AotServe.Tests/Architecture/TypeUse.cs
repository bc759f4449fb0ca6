namespace AotServe.Tests.Architecture;

/// <summary>A type of the server that uses another. The names of types are without their namespaces.</summary>
internal sealed record TypeUse(string UserNamespace, string User, string UsedNamespace, string Used)
{
    public override string ToString() => $"{UserNamespace}.{User} uses {UsedNamespace}.{Used}";
}
