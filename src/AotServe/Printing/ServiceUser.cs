using System.Diagnostics.CodeAnalysis;
using AotServe.Cli;

namespace AotServe.Printing;

/// <summary>The user of <c>--user</c> in a unit: systemd switches to it in the server's place.</summary>
/// <param name="Name">A name or a number.</param>
/// <param name="Group">The same of a group; null: the user's own.</param>
internal readonly record struct ServiceUser(string Name, string? Group)
{
    /// <summary>Splits the option's value; false where it holds what systemd takes for no name.</summary>
    public static bool TryParse(string value, out ServiceUser user, [NotNullWhen(false)] out string? error)
    {
        int colon = value.IndexOf(':');
        user = new ServiceUser(colon < 0 ? value : value[..colon], colon < 0 ? null : value[(colon + 1)..]);
        bool isRight = IsName(user.Name) && (user.Group is null || IsName(user.Group));
        error = isRight ? null : $"--user: {Quoted.Text(value)}" + " is no user that a unit can name; give USER or USER:GROUP, of letters, digits, '-', '_' and '.'"u8.Text();
        return isRight;
    }

    /// <summary>Names as systemd takes them of users that it did not make, or numbers.</summary>
    private static bool IsName(string name)
    {
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.'))
            {
                return false;
            }
        }

        return name.Length > 0 && (char.IsAsciiLetterOrDigit(name[0]) || name[0] == '_');
    }
}
