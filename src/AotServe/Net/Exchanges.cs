using System;
using AotServe.Http;

namespace AotServe.Net;

/// <summary>
/// The exchanges whose responses are in a worker's output, in order: several where requests are pipelined. Belongs to the worker, and is
/// empty between turns.
/// </summary>
internal sealed class Exchanges(IExchangeObserver observer)
{
    private const int DescriptionSize = 1024;

    private readonly IExchangeLog _log = observer.StartThread();
    private readonly OutputBuffer _descriptions = new(DescriptionSize);
    private Exchange[] _exchanges = new Exchange[1];
    private int _count;

    /// <summary>Who is told of what cannot be noted.</summary>
    public IExchangeObserver Observer => observer;

    /// <summary>Whether there are any.</summary>
    public bool IsEmpty => _count == 0;

    /// <summary>Adds one whose response has just been written.</summary>
    public void Add(Exchange exchange, RequestHead head, in ExchangeStart start)
    {
        if (_count == _exchanges.Length)
        {
            Array.Resize(ref _exchanges, 2 * _count);
        }

        int before = _descriptions.Length;
        exchange.DescriptionSplit = _log.Describe(head, start, _descriptions);
        exchange.DescriptionLength = _descriptions.Length - before;
        _exchanges[_count++] = exchange;
    }

    /// <summary>Another response has taken the place of the last one, of which no byte was sent.</summary>
    public void ReplaceLast(int status, int headLength, long contentLength)
    {
        ref Exchange last = ref _exchanges[_count - 1];
        (last.Status, last.HeadLength, last.ContentLength) = (status, headLength, contentLength);
    }

    /// <summary>All were sent, or the connection is lost.</summary>
    /// <param name="sent">How many bytes of all responses together the kernel took.</param>
    /// <param name="isLost">Whether the connection is lost.</param>
    public void End(long sent, bool isLost)
    {
        End(_exchanges.AsSpan(0, _count), _descriptions.Written, sent, isLost);
        Clear();
    }

    /// <summary>The same for exchanges that were kept elsewhere.</summary>
    public void End(ReadOnlySpan<Exchange> exchanges, ReadOnlySpan<byte> descriptions, long sent, bool isLost)
    {
        foreach (ref readonly Exchange exchange in exchanges)
        {
            long whole = exchange.HeadLength + exchange.ContentLength;
            long own = isLost ? Math.Min(sent, whole) : whole;
            _log.End(
                exchange, descriptions[..exchange.DescriptionLength], Math.Max(0, own - exchange.HeadLength), isLost: own < whole);
            sent -= own;
            descriptions = descriptions[exchange.DescriptionLength..];
        }
    }

    /// <summary>Moves them to where they stay until the rest of the responses is sent.</summary>
    public void MoveTo(ref UnsentExchanges unsent, long sent)
    {
        unsent.Keep(_exchanges.AsSpan(0, _count), _descriptions.Written, sent, observer);
        Clear();
    }

    private void Clear()
    {
        _count = 0;
        _descriptions.Truncate(0);
    }
}
