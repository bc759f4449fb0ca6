using System;
using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading;
using AotServe.Http;
using AotServe.Workers;

namespace AotServe.Sites.Access;

/// <summary>
/// Authenticates requests by user name and password (the Basic scheme, RFC 7617). One instance serves all folders, so that a
/// failed login at one counts for all. Any thread may call.
/// </summary>
/// <remarks>
/// It does not protect from someone who can read the traffic: without TLS in front, the password is sent as it is.
/// Clients behind one proxy share its address, and so the number of logins that may fail.
/// </remarks>
internal sealed class BasicAuthentication : IDisposable
{
    private const int LongestCredentials = 1024;

    private readonly string _path;
    private readonly HmacSha256 _hmac;
    private readonly LoginThrottle _throttle = new();
    private readonly SignInQueue _queue;
    private Accounts _accounts;
    private long _failures;

    private BasicAuthentication(string path, UserFile users, ReadOnlySpan<byte> key, BackgroundThreadOptions background)
    {
        _path = path;
        _accounts = new Accounts(users);
        _queue = new SignInQueue(SignInQueue.UsualThreads, background);
        _hmac = new HmacSha256(key);
    }

    /// <summary>How many users there are.</summary>
    public int Users => Volatile.Read(ref _accounts).Users.Count;

    /// <summary>How many times a wrong name or password was sent so far.</summary>
    public long Failures => Interlocked.Read(ref _failures);

    /// <summary>Whether the file with the hashes can be read by all users of the machine.</summary>
    public bool IsFileReadableByAll => Volatile.Read(ref _accounts).Users.IsReadableByAll;

    private static ReadOnlySpan<byte> Detail => "You need a name and a password to see this."u8;

    /// <summary>Reads the users from a file.</summary>
    /// <param name="path">The file; see <see cref="UserFile"/>.</param>
    /// <param name="key">A random secret for the codes in <see cref="VerifiedCredentials"/>.</param>
    /// <param name="background">For the threads that hash passwords.</param>
    /// <param name="authentication">The result, if the file is valid.</param>
    /// <param name="error">One line that says what is wrong with the file.</param>
    public static bool TryOpen(
        string path,
        ReadOnlySpan<byte> key,
        BackgroundThreadOptions background,
        [NotNullWhen(true)] out BasicAuthentication? authentication,
        [NotNullWhen(false)] out string? error)
    {
        authentication = UserFile.TryRead(path, out UserFile? users, out error)
            ? new BasicAuthentication(path, users, key, background)
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
    /// Whether the request is authenticated. If not, it is answered: 401; 429 if too many logins from its address have failed;
    /// 503 if too many passwords wait to be hashed. Or the response is deferred until its password is hashed. The answer does not
    /// depend on the path, or on whether the user exists.
    /// </summary>
    [SkipLocalsInit]
    public bool Admits(RequestHead head, Response response)
    {
        Accounts accounts = Volatile.Read(ref _accounts);
        if (response.Resumed is PasswordCheck check && check.IsOf(accounts))
        {
            return Admits(check, response);
        }

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
        _hmac.Hash(credentials, code);
        long now = Environment.TickCount64;

        // SECURITY: a throttled address may not try verified credentials either, where a guess costs next to nothing.
        long wait = 0;
        if (_throttle.IsAnyExhausted(now) && !_throttle.HasTry(head.Client?.Network ?? 0, now, out wait))
        {
            Throttle(response, wait);
            return false;
        }

        if (accounts.Verified.Contains(code, now))
        {
            return true;
        }

        ulong client = head.Client?.Network ?? 0;
        if (_queue.Find(accounts, code, client) is { } same)
        {
            response.Defer(same);
            return false;
        }

        // Taken before the hash and given back after it, so that concurrent logins count too.
        if (!_throttle.TryTake(client, now, out wait))
        {
            Throttle(response, wait);
            return false;
        }

        var queued = new PasswordCheck(_queue, accounts, credentials, colon, code, client);
        _queue.Add(queued);
        response.Defer(queued);
        return false;
    }

    /// <summary>Ends the threads that hash passwords.</summary>
    public void Dispose() => _queue.Dispose();

    /// <summary>Whether a request is authenticated whose password was checked. If not, it is answered.</summary>
    private bool Admits(PasswordCheck check, Response response)
    {
        long now = Environment.TickCount64;
        switch (check.Result)
        {
            case PasswordCheckResult.Right:
                if (check.TrySettle())
                {
                    _throttle.GiveBack(check.Client, now);
                }

                return true;
            case PasswordCheckResult.Wrong:
                Interlocked.Increment(ref _failures);
                Challenge(response);
                return false;
            default:
                if (check.TrySettle())
                {
                    _throttle.GiveBackPart(check.Client, now);
                }

                ErrorPage.WriteUnavailable(response, "Many people are signing in. Try again in a moment."u8);
                return false;
        }
    }

    /// <summary>
    /// Decodes <c>user-id:password</c> from the Authorization field, and gives its length. −1 if the field is missing, repeated
    /// or malformed.
    /// </summary>
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

    private static void Throttle(Response response, long milliseconds)
    {
        response.Start(429);
        response.Field("Retry-After"u8, (milliseconds + 999) / 1000);
        response.Field("Cache-Control"u8, "no-store"u8);
        ErrorPage.WriteStarted(response, 429, "Too many tries have failed. Wait for a moment before the next."u8);
    }
}
