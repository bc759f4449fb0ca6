namespace AotServe.Http;

/// <summary>Whoever waits for a <see cref="Deferral"/>.</summary>
internal interface IResumable
{
    /// <summary>Called once when the work is done, by the thread that did it. Must not wait or throw.</summary>
    void Resume();
}
