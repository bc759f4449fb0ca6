namespace AotServe.Sites.Access;

/// <summary>What became of a <see cref="PasswordCheck"/>.</summary>
internal enum PasswordCheckResult
{
    /// <summary>The password was not hashed: too many others wait.</summary>
    Busy,

    /// <summary>There is no such user with that password.</summary>
    Wrong,

    /// <summary>There is such a user with that password.</summary>
    Right,
}
