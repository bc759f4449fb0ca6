namespace AotServe.Http;

/// <summary>Is told of all exchanges. Any thread may call.</summary>
internal interface IExchangeObserver
{
    /// <summary>Makes the log of the calling thread. Called once by each thread that answers requests.</summary>
    IExchangeLog StartThread();

    /// <summary>Exchanges of which nobody can take note, since there is no memory to keep what is known of them.</summary>
    void Miss(int count);
}
