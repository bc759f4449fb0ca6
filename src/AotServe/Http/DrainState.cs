namespace AotServe.Http;

/// <summary>
/// Whether this server turns clients away, so that they go elsewhere before it closes. Set by the thread that stops the
/// server; any thread may read it.
/// </summary>
internal sealed class DrainState
{
    private volatile bool _isDraining;
    private volatile bool _isReplaced;

    /// <summary>Whether a stop was asked for: every response is its connection's last, unless more has already arrived.</summary>
    public bool IsDraining => _isDraining;

    /// <summary>
    /// Whether load balancers are to send clients elsewhere. Not where another server has taken over the sockets: it answers
    /// at the same address.
    /// </summary>
    public bool IsTurningAway => _isDraining && !_isReplaced;

    /// <summary>Begins to turn clients away.</summary>
    /// <param name="isReplaced">Whether another server goes on at the same address.</param>
    public void Start(bool isReplaced)
    {
        _isReplaced = isReplaced;
        _isDraining = true;
    }
}
