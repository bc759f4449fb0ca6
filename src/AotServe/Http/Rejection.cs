namespace AotServe.Http;

/// <summary>
/// Why a request was refused before any site saw it; extension methods give the status and the
/// sentence for each.
/// </summary>
internal enum Rejection
{
    /// <summary>Not refused.</summary>
    None,
}
