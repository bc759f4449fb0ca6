namespace AotServe;

/// <summary>The composition root.</summary>
internal static class Program
{
    private static int Main() => 0;
}
