using System;
using System.Security.Cryptography;
using System.Text;

namespace AotServe.EndToEndTests.Harness;

/// <summary>An auth file with one user, ann, whose password is <c>sécret</c>, and what she sends.</summary>
internal static class SignIn
{
    /// <summary>The field line of a name and a password.</summary>
    public static string Credentials(string name, string password) =>
        "Authorization: Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{password}"));

    /// <summary>Writes an auth file with the platform's own PBKDF2, of few iterations so that no test waits for it. Returns its full path.</summary>
    public static string WriteUsers(TemporaryFolder folder, string name)
    {
        byte[] salt = "0123456789abcdef"u8.ToArray();
        byte[] key = Rfc2898DeriveBytes.Pbkdf2("sécret", salt, 1_000, HashAlgorithmName.SHA256, 32);
        return folder.Write(name, $"# one user\nann:$pbkdf2-sha256$i=1000${Base64(salt)}${Base64(key)}\n");
    }

    private static string Base64(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=');
}
