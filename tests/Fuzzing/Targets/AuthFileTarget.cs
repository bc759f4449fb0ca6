using System;
using System.Linq;
using System.Text;
using AotServe.Sites.Access;

namespace AotServe.Fuzzing;

/// <summary>A file of users: each line is one, is none, or is refused without being quoted.</summary>
internal static class AuthFileTarget
{
    public static void Run(ReadOnlySpan<byte> input)
    {
        string text = Encoding.UTF8.GetString(input);
        string[] lines = [.. text.Split('\n', '\r', '\f', '\u0085', '\u2028', '\u2029').Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#')];
        bool isRead = UserFile.TryParse("users", text, out UserFile? file, out string? error);
        if (isRead)
        {
            FuzzFinding.Unless(file!.Count == lines.Length, $"{file.Count} users in {lines.Length} lines");
            foreach (string line in lines)
            {
                string name = line[..line.IndexOf(':', StringComparison.Ordinal)];
                FuzzFinding.Unless(UserFile.IsName(name), $"'{name}' is a name");
                FuzzFinding.Unless(
                    PasswordHash.TryParse(line[(name.Length + 1)..], out PasswordHash? hash)
                        && PasswordHash.TryParse(hash.ToString(), out PasswordHash? again) && again.ToString() == hash.ToString(),
                    $"the hash of '{name}' does not survive being written");
            }

            return;
        }

        FuzzFinding.Unless(error!.StartsWith("users:", StringComparison.Ordinal) && !error.AsSpan().ContainsAnyInRange('\0', '\x1F'), error);

        // SECURITY: a line may be a password.
        FuzzFinding.Unless(lines.All(line => line.Length < 12 || !error.Contains(line, StringComparison.Ordinal)), error);
    }
}
