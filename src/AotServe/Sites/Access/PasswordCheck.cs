using System;
using System.Threading;
using AotServe.Http;

namespace AotServe.Sites.Access;

/// <summary>
/// A password that is to be hashed, by a thread of the <see cref="SignInQueue"/>, while the request that it came with waits.
/// </summary>
internal sealed class PasswordCheck : Deferral, IThreadPoolWorkItem
{
    private readonly SignInQueue _queue;
    private readonly Accounts _accounts;
    private readonly byte[] _credentials;
    private readonly int _colon;
    private readonly byte[] _code;
    private int _isSettled;

    /// <summary>Copies what it needs.</summary>
    /// <param name="queue">Runs it.</param>
    /// <param name="accounts">The users, and where the credentials are added if they are right.</param>
    /// <param name="credentials"><c>name:password</c>. The copy is cleared when it is hashed.</param>
    /// <param name="colon">Where the name ends.</param>
    /// <param name="code">The code of the credentials; see <see cref="VerifiedCredentials"/>.</param>
    /// <param name="client">The client's network; see <see cref="IClient.Network"/>.</param>
    public PasswordCheck(
        SignInQueue queue, Accounts accounts, ReadOnlySpan<byte> credentials, int colon, ReadOnlySpan<byte> code, ulong client)
    {
        _queue = queue;
        _accounts = accounts;
        _credentials = credentials.ToArray();
        _colon = colon;
        _code = code.ToArray();
        Client = client;
    }

    /// <summary>Where it came from.</summary>
    public ulong Client { get; }

    /// <summary>When it was queued, as <see cref="Environment.TickCount64"/>.</summary>
    public long QueuedAt { get; } = Environment.TickCount64;

    /// <summary>The result, once it is done.</summary>
    public PasswordCheckResult Result { get; private set; } = PasswordCheckResult.Busy;

    /// <summary>Whether it was checked against those users: not if their file was reread meanwhile.</summary>
    public bool IsOf(Accounts accounts) => accounts == _accounts;

    /// <summary>Whether it is the same password of the same name, from the same network, checked against the same users.</summary>
    public bool IsOf(Accounts accounts, ReadOnlySpan<byte> code, ulong client) =>
        client == Client && IsOf(accounts) && code.SequenceEqual(_code);

    /// <summary>Whether its try is still to be given back or kept: true once, for the first of those who waited for it.</summary>
    public bool TrySettle() => Interlocked.Exchange(ref _isSettled, 1) == 0;

    /// <summary>Hashes the password. Called once, by a thread of the queue.</summary>
    public void Execute()
    {
        try
        {
            if (_accounts.Users.TryVerify(
                _credentials.AsSpan(0, _colon), _credentials.AsSpan(_colon + 1), _queue.Closing, out bool isRight))
            {
                Result = isRight ? PasswordCheckResult.Right : PasswordCheckResult.Wrong;
            }

            if (isRight)
            {
                _accounts.Verified.Add(_code, Environment.TickCount64);
                _queue.NoteSignedIn(Client);
            }
        }
        finally
        {
            End();
        }
    }

    /// <summary>It is not hashed: the result is that the server is busy. Called in place of <see cref="Execute"/>.</summary>
    public void Refuse() => End();

    private void End()
    {
        Array.Clear(_credentials);
        _queue.Remove(this);
        Complete();
    }
}
