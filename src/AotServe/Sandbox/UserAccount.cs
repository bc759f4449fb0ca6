using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.IO;
using System.Text;

namespace AotServe.Sandbox;

/// <summary>A user, not root, and a group to run as, by their numbers.</summary>
/// <param name="User">The user's number, 1 or more.</param>
/// <param name="Group">The group's number.</param>
internal readonly record struct UserAccount(uint User, uint Group)
{
    /// <summary>The number that means "no change" to setresuid(2), so no account may have it.</summary>
    private const uint NoChange = uint.MaxValue;

    /// <summary>
    /// Reads <c>USER</c> or <c>USER:GROUP</c>, names or numbers. Names, and the group of a user that is given alone, are
    /// looked up in two files in the format of passwd(5) and group(5), and nowhere else: a static executable cannot load
    /// the C library's other directory services.
    /// </summary>
    /// <param name="text">The value of the option.</param>
    /// <param name="handedOver">The <see cref="ToHandoverText"/> of the process that this one replaces, or null.</param>
    /// <param name="users">The path of the users' file, such as /etc/passwd.</param>
    /// <param name="groups">The path of the groups' file, such as /etc/group.</param>
    /// <param name="account">The numbers.</param>
    /// <param name="error">A clause to follow the quoted text.</param>
    public static bool TryResolve(
        string text,
        string? handedOver,
        string users,
        string groups,
        out UserAccount account,
        [NotNullWhen(false)] out string? error)
    {
        account = default;
        if (handedOver is not null && handedOver.StartsWith(text + "=", StringComparison.Ordinal))
        {
            text = handedOver[(text.Length + 1)..];
        }

        int colon = text.IndexOf(':');
        string userName = colon < 0 ? text : text[..colon];
        string? groupName = colon < 0 ? null : text[(colon + 1)..];
        if (userName.Length == 0 || groupName?.Length == 0)
        {
            error = "lacks a name; give a user, or user:group"u8.Text();
            return false;
        }

        uint user, group;
        try
        {
            if (!TryFindUser(userName, users, out user, out string[]? entry, out error)
                || !TryFindGroup(groupName, user, entry, users, groups, out group, out error))
            {
                return false;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            string why = e is FileNotFoundException or DirectoryNotFoundException ? "there is no" : "this process cannot read";
            error = $"cannot be looked up: {why} {users} or {groups}; give UID:GID";
            return false;
        }

        if (user == 0)
        {
            error = "is root, which has nothing to drop; name another user, or leave --user out"u8.Text();
            return false;
        }

        account = new UserAccount(user, group);
        error = null;
        return true;
    }

    /// <summary>
    /// The text that tells a replacement of this process what <paramref name="text"/> was resolved to: the replacement runs
    /// in this process's sandbox and cannot read the users' file. The replacement need not trust it: within the sandbox it
    /// can become no other user, and it checks that it is the user named here.
    /// </summary>
    public string ToHandoverText(string text) => $"{text}={this}";

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{User}:{Group}");

    private static bool TryReadNumber(string text, out uint number) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number != NoChange;

    /// <summary>Finds the user's number. The entry is the line of the users' file that was read for it, or null.</summary>
    private static bool TryFindUser(
        string name, string users, out uint user, out string[]? entry, [NotNullWhen(false)] out string? error)
    {
        entry = null;
        error = null;
        if (TryReadNumber(name, out user))
        {
            return true;
        }

        entry = FindLine(users, 0, name);
        if (entry is { Length: >= 4 } && TryReadNumber(entry[2], out user))
        {
            return true;
        }

        error = $"names a user that is not in {users}; give a name that is, or UID:GID";
        return false;
    }

    /// <summary>Finds the number of the named group, else of the user's own group. A null entry is looked up.</summary>
    private static bool TryFindGroup(
        string? name,
        uint user,
        string[]? entry,
        string users,
        string groups,
        out uint group,
        [NotNullWhen(false)] out string? error)
    {
        error = null;
        if (name is null)
        {
            entry ??= FindLine(users, 2, user.ToString(CultureInfo.InvariantCulture));
            if (entry is { Length: >= 4 } && TryReadNumber(entry[3], out group))
            {
                return true;
            }

            group = 0;
            error = $"is a number that {users} has no group for; give UID:GID";
            return false;
        }

        if (TryReadNumber(name, out group)
            || (FindLine(groups, 0, name) is { Length: >= 3 } line && TryReadNumber(line[2], out group)))
        {
            return true;
        }

        error = $"names a group that is not in {groups}; give a name that is, or its number";
        return false;
    }

    /// <summary>The fields of the first line whose <paramref name="field"/> is <paramref name="value"/>, or null.</summary>
    private static string[]? FindLine(string file, int field, string value)
    {
        // Not a StreamReader, which brings all the encodings of Unicode along.
        foreach (string line in Encoding.UTF8.GetString(File.ReadAllBytes(file)).Split('\n'))
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
