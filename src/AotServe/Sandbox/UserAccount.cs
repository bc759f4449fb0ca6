using System;
using System.Globalization;
using System.IO;

namespace AotServe.Sandbox;

/// <summary>A user and a group to run as, by their numbers, neither of them root's.</summary>
/// <param name="User">The user's number, 1 or more.</param>
/// <param name="Group">The group's number.</param>
internal readonly record struct UserAccount(uint User, uint Group)
{
    /// <summary>The number that setresuid(2) takes for "leave it".</summary>
    private const uint NoNumber = uint.MaxValue;

    /// <summary>
    /// Reads <c>USER</c> or <c>USER:GROUP</c>, names or numbers. Names, and the group of a user that stands alone, are
    /// looked up in two files as passwd(5) and group(5) have them, and nowhere else: a static executable has no other
    /// directory services.
    /// </summary>
    /// <param name="text">What the user gave.</param>
    /// <param name="handed">What the process that this one replaces had from <see cref="HandOver"/>; else null.</param>
    /// <param name="users">Such as /etc/passwd.</param>
    /// <param name="groups">Such as /etc/group.</param>
    /// <param name="account">The numbers.</param>
    /// <returns>Null, or what is wrong: a clause to follow the quoted text.</returns>
    public static string? TryResolve(string text, string? handed, string users, string groups, out UserAccount account)
    {
        account = default;
        if (handed is not null && handed.StartsWith(text + "=", StringComparison.Ordinal))
        {
            text = handed[(text.Length + 1)..];
        }

        int colon = text.IndexOf(':');
        string userName = colon < 0 ? text : text[..colon];
        string? groupName = colon < 0 ? null : text[(colon + 1)..];
        if (userName.Length == 0 || groupName?.Length == 0)
        {
            return "lacks a name; give a user, or user:group";
        }

        uint user, group;
        try
        {
            string[]? entry = null;
            if (!TryReadNumber(userName, out user))
            {
                entry = Find(users, 0, userName);
                if (entry is null || entry.Length < 4 || !TryReadNumber(entry[2], out user))
                {
                    return $"names a user that is not in {users}; give a name that is, or UID:GID";
                }
            }

            if (groupName is null)
            {
                entry ??= Find(users, 2, user.ToString(CultureInfo.InvariantCulture));
                if (entry is null || entry.Length < 4 || !TryReadNumber(entry[3], out group))
                {
                    return $"is a number that {users} has no group for; give UID:GID";
                }
            }
            else if (!TryReadNumber(groupName, out group)
                && (Find(groups, 0, groupName) is not { Length: >= 3 } line || !TryReadNumber(line[2], out group)))
            {
                return $"names a group that is not in {groups}; give a name that is, or its number";
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"cannot be looked up ({e.Message}); give UID:GID";
        }

        if (user == 0)
        {
            return "is root, which has nothing to drop; name another user, or leave --user out";
        }

        account = new UserAccount(user, group);
        return null;
    }

    /// <summary>
    /// For a process that is to replace this one: what <paramref name="text"/> was found to mean. It starts within the
    /// walls of this one, out of reach of the files where names are. It is trusted with nothing by this: it cannot become
    /// anybody else any more, only see that it is the right one.
    /// </summary>
    public string HandOver(string text) => $"{text}={this}";

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{User}:{Group}");

    private static bool TryReadNumber(string text, out uint number) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number != NoNumber;

    /// <summary>The fields of the first line that has <paramref name="value"/> as its field number <paramref name="field"/>.</summary>
    private static string[]? Find(string file, int field, string value)
    {
        using var reader = new StreamReader(file);
        while (reader.ReadLine() is { } line)
        {
            string[] fields = line.Split(':');
            if (fields.Length > field && fields[field] == value)
            {
                return fields;
            }
        }

        return null;
    }
}
