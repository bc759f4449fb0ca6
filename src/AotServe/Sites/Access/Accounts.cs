namespace AotServe.Sites.Access;

/// <summary>The users and the credentials that were verified against them, which are replaced together.</summary>
internal sealed class Accounts(UserFile users)
{
    public UserFile Users => users;

    public VerifiedCredentials Verified { get; } = new();
}
