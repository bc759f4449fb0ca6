using System;

namespace AotServe.Http;

/// <summary>
/// Takes note of the exchanges of one thread, whose it is. Its methods neither wait nor throw, and allocate nothing once warm.
/// </summary>
internal interface IExchangeLog
{
    /// <summary>The response to a request is written: notes down what cannot be known any more when it has been sent.</summary>
    /// <param name="head">The request's; where it could not be read, what is known of it.</param>
    /// <param name="start">What else is known.</param>
    /// <param name="description">Where the note is added. It is kept until the end, byte for byte.</param>
    /// <returns>How many bytes of the note come before what is only known at the end.</returns>
    int Describe(RequestHead head, in ExchangeStart start, OutputBuffer description);

    /// <summary>The exchange has ended.</summary>
    /// <param name="exchange">The exchange.</param>
    /// <param name="description">What <see cref="Describe"/> noted down.</param>
    /// <param name="sent">How many bytes of the content the kernel took.</param>
    /// <param name="isLost">Whether the connection was lost before the kernel took all.</param>
    void End(in Exchange exchange, ReadOnlySpan<byte> description, long sent, bool isLost);
}
