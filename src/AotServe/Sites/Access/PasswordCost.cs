using System;

namespace AotServe.Sites.Access;

/// <summary>What it takes to try a password.</summary>
/// <param name="Iterations">Iterations of PBKDF2.</param>
/// <param name="Rounds">Rounds of bcrypt.</param>
internal readonly record struct PasswordCost(int Iterations, long Rounds)
{
    /// <summary>The greater of each.</summary>
    public PasswordCost Or(PasswordCost other) => new(Math.Max(Iterations, other.Iterations), Math.Max(Rounds, other.Rounds));
}
