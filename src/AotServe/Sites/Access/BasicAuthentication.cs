using System;
using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading;
using AotServe.Http;

namespace AotServe.Sites.Access;

/// <summary>
/// Lets in who knows a name and its password (the Basic scheme, RFC 7617). One instance serves all folders, so that a
/// guess at one counts at all. Any thread may call.
/// </summary>
/// <remarks>
/// It does not protect from who can read the traffic: without TLS in front, the password goes over the wire as it is.
/// Clients behind one proxy share its address, and so their tries.
/// </remarks>
internal sealed class BasicAuthentication
{
    private const int LongestCredentials = 1024;

    private readonly string _path;
    private readonly int _mostAtOnce;
    private readonly HmacSha256 _codes;
    private readonly LoginThrottle _tries = new();
    private Accounts _accounts;
    private int _running;

    private BasicAuthentication(string path, UserFile users, int mostAtOnce, ReadOnlySpan<byte> key)
    {
        _path = path;
        _accounts = new Accounts(users);
        _mostAtOnce = mostAtOnce;
        _codes = new HmacSha256(key);
    }

    /// <summary>How many users there are.</summary>
    public int Users => Volatile.Read(ref _accounts).Users.Count;

    /// <summary>Whether the file with the hashes can be read by all users of the machine.</summary>
    public bool IsFileReadableByAll => Volatile.Read(ref _accounts).Users.IsReadableByAll;

    private static ReadOnlySpan<byte> Detail => "You need a name and a password to see this."u8;

    /// <summary>Reads the users from a file.</summary>
    /// <param name="path">The file; see <see cref="UserFile"/>.</param>
    /// <param name="threads">How many workers there are. At most half of them, but at least one, hash passwords at a time.</param>
    /// <param name="key">A random secret for the codes in <see cref="VerifiedCredentials"/>.</param>
    /// <param name="authentication">The result, if the file is valid.</param>
    /// <param name="error">One line that says what is wrong with the file.</param>
    public static bool TryOpen(
        string path,
        int threads,
        ReadOnlySpan<byte> key,
        [NotNullWhen(true)] out BasicAuthentication? authentication,
        [NotNullWhen(false)] out string? error)
    {
        authentication = UserFile.TryRead(path, out UserFile? users, out error)
            ? new BasicAuthentication(path, users, Math.Max(1, threads / 2), key)
            : null;
        return authentication is not null;
    }

    /// <summary>
    /// Reads the file again, and forgets the credentials that were verified by the old one. A file that is not valid changes
    /// nothing.
    /// </summary>
    public bool TryReread([NotNullWhen(false)] out string? error)
    {
        if (!UserFile.TryRead(_path, out UserFile? users, out error))
        {
            return false;
        }

        Volatile.Write(ref _accounts, new Accounts(users));
        return true;
    }

    /// <summary>
    /// Whether the request may go on. If not, it is answered: 401; 429 where too many tries from its address have failed;
    /// 503 where too many passwords are being looked at. Nothing in that depends on what is asked for, or on whether the
    /// user exists.
    /// </summary>
    [SkipLocalsInit]
    public bool Admits(RequestHead head, Response response)
    {
        Span<byte> credentials = stackalloc byte[LongestCredentials];
        int length = ReadCredentials(head, credentials);
        int colon = length < 0 ? -1 : credentials[..length].IndexOf((byte)':');
        if (colon < 0)
        {
            Challenge(response);
            return false;
        }

        credentials = credentials[..length];
        Span<byte> code = stackalloc byte[Sha256.HashLength];
        _codes.Hash(credentials, code);
        long now = Environment.TickCount64;
        Accounts accounts = Volatile.Read(ref _accounts);

        // SECURITY: who has no try left may not guess at what is remembered either, where a guess costs next to nothing.
        if (_tries.IsAnyExhausted(now) && !_tries.HasTry(head.Client?.Network ?? 0, now, out long wait))
        {
            SlowDown(response, wait);
            return false;
        }

        return accounts.Verified.Contains(code, now)
            || VerifyPassword(accounts, credentials[..colon], credentials[(colon + 1)..], code, head, response);
    }

    private bool VerifyPassword(
        Accounts accounts,
        ReadOnlySpan<byte> name,
        ReadOnlySpan<byte> password,
        ReadOnlySpan<byte> code,
        RequestHead head,
        Response response)
    {
        long now = Environment.TickCount64;
        ulong client = head.Client?.Network ?? 0;

        // Taken before and given back after, so that tries at the same time count as well.
        if (!_tries.TryTake(client, now, out long wait))
        {
            SlowDown(response, wait);
            return false;
        }

        bool busy = Interlocked.Increment(ref _running) > _mostAtOnce;
        bool right = !busy && accounts.Users.Verify(name, password);
        Interlocked.Decrement(ref _running);
        if (busy || right)
        {
            _tries.GiveBack(client, now);
        }

        if (right)
        {
            accounts.Verified.Add(code, now);
        }
        else if (busy)
        {
            ErrorPage.WriteUnavailable(response, "Many people are signing in. Try again in a moment."u8);
        }
        else
        {
            Challenge(response);
        }

        return right;
    }

    /// <summary>The decoded <c>user-id:password</c> of the one Authorization field, or −1.</summary>
    private static int ReadCredentials(RequestHead head, Span<byte> destination)
    {
        int index = head.IndexOfField("authorization"u8, 0);
        if (index < 0 || head.IndexOfField("authorization"u8, index + 1) >= 0)
        {
            return -1;
        }

        ReadOnlySpan<byte> value = head.FieldValue(index);
        if (value.Length < 6 || !System.Text.Ascii.EqualsIgnoreCase(value[..6], "basic "u8))
        {
            return -1;
        }

        ReadOnlySpan<byte> token = value[6..];
        token = token[System.Text.Ascii.Trim(token)];
        return Base64.DecodeFromUtf8(token, destination, out _, out int length) == OperationStatus.Done ? length : -1;
    }

    private static void Challenge(Response response)
    {
        response.Start(401);
        response.Field("WWW-Authenticate"u8, "Basic realm=\"Restricted\", charset=\"UTF-8\""u8);
        response.Field("Cache-Control"u8, "no-store"u8);
        ErrorPage.WriteStarted(response, 401, Detail);
    }

    private static void SlowDown(Response response, long milliseconds)
    {
        response.Start(429);
        response.Field("Retry-After"u8, (milliseconds + 999) / 1000);
        response.Field("Cache-Control"u8, "no-store"u8);
        ErrorPage.WriteStarted(response, 429, "Too many tries have failed. Wait for a moment before the next."u8);
    }

    /// <summary>Users, and what was found right of them: replaced together.</summary>
    private sealed class Accounts(UserFile users)
    {
        public UserFile Users => users;

        public VerifiedCredentials Verified { get; } = new();
    }
}
