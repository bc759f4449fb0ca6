using System.Globalization;

namespace AotServe.Attacks;

/// <summary>What was measured, and the most that it may be.</summary>
internal sealed record Figure(string What, double Measured, double Bound, string Unit)
{
    public bool Holds => Measured <= Bound;

    public string Text => Format(Measured);

    public string BoundText => Format(Bound);

    private string Format(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:0.##} {Unit}").TrimEnd();
}
