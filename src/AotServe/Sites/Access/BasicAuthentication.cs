using System;
using System.Buffers;
using System.Buffers.Text;
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
    private Known _known;
    private int _running;

    private BasicAuthentication(string path, UserFile users, int mostAtOnce, ReadOnlySpan<byte> key)
    {
        _path = path;
        _known = new Known(users);
        _mostAtOnce = mostAtOnce;
        _codes = new HmacSha256(key);
    }

    /// <summary>How many users there are.</summary>
    public int Users => Volatile.Read(ref _known).Users.Count;

    /// <summary>Whether the file with the hashes can be read by all users of the machine.</summary>
    public bool IsFileReadableByAll => Volatile.Read(ref _known).Users.IsReadableByAll;

    private static ReadOnlySpan<byte> Detail => "You need a name and a password to see this."u8;

    /// <summary>Reads the users from the file at <paramref name="path"/>.</summary>
    /// <param name="path">The file; see <see cref="UserFile"/>.</param>
    /// <param name="threads">How many workers there are: at most half of them hash passwords at any time, but one may.</param>
    /// <param name="key">Random bytes that nobody else knows, for the codes of credentials that were found right.</param>
    /// <param name="authentication">What lets them in, or null.</param>
    /// <returns>Null, or one line that says what is wrong with the file.</returns>
    public static string? TryOpen(
        string path, int threads, ReadOnlySpan<byte> key, out BasicAuthentication? authentication)
    {
        string? error = UserFile.TryRead(path, out UserFile? users);
        authentication = users is null ? null : new BasicAuthentication(path, users, Math.Max(1, threads / 2), key);
        return error;
    }

    /// <summary>
    /// Reads the file again, and forgets who was let in by the old one. A bad file changes nothing; returns what is wrong
    /// with it.
    /// </summary>
    public string? Reread()
    {
        string? error = UserFile.TryRead(_path, out UserFile? users);
        if (users is not null)
        {
            Volatile.Write(ref _known, new Known(users));
        }

        return error;
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
        Known known = Volatile.Read(ref _known);

        // SECURITY: who has no try left may not guess at what is remembered either, where a guess costs next to nothing.
        if (_tries.IsAnyExhausted(now) && !_tries.HasTry(head.Client?.Network ?? 0, now, out long wait))
        {
            SlowDown(response, wait);
            return false;
        }

        return known.Verified.Contains(code, now)
            || IsKnown(known, credentials[..colon], credentials[(colon + 1)..], code, head, response);
    }

    private bool IsKnown(
        Known known,
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
        bool right = !busy && known.Users.Knows(name, password);
        Interlocked.Decrement(ref _running);
        if (busy || right)
        {
            _tries.GiveBack(client, now);
        }

        if (right)
        {
            known.Verified.Add(code, now);
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
    private sealed class Known(UserFile users)
    {
        public UserFile Users => users;

        public VerifiedCredentials Verified { get; } = new();
    }
}
