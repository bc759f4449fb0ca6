namespace AotServe.Files;

/// <summary>Whether something was used lately. A field of what it marks; any thread may use it.</summary>
internal struct UseMark
{
    private volatile bool _isUsed;

    /// <summary>Marks it as used. Writes only the first time, so that workers do not contend for the cache line.</summary>
    public void Set()
    {
        if (!_isUsed)
        {
            _isUsed = true;
        }
    }

    /// <summary>Whether it was used since the last call.</summary>
    public bool Reset()
    {
        bool was = _isUsed;
        _isUsed = false;
        return was;
    }
}
