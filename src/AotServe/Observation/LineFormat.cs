using System;
using System.Net;
using AotServe.Http;

namespace AotServe.Observation;

/// <summary>Writes the lines of one thread. What is known when the response is written goes first, the rest when it has been sent.</summary>
internal abstract class LineFormat
{
    /// <summary>The most bytes of a field that a client sent. Own choice; the target may have 8 KiB.</summary>
    private const int LongestField = 4096;

    private const int LongestAddress = 64;

    private readonly byte[] _client = new byte[LongestAddress];
    private IPAddress? _lastClient;
    private int _clientLength;

    /// <summary>Writes what is known when the response is written.</summary>
    /// <returns>How many bytes of it come before what <see cref="Finish"/> adds.</returns>
    public abstract int Describe(RequestHead head, in ExchangeStart start, OutputBuffer description);

    /// <summary>Writes the whole line, with its newline.</summary>
    /// <param name="exchange">The exchange, which has ended.</param>
    /// <param name="before">What <see cref="Describe"/> wrote, up to the place that it returned.</param>
    /// <param name="after">The rest of it.</param>
    /// <param name="sent">How many bytes of the content were sent.</param>
    /// <param name="isLost">Whether the connection was lost before all were.</param>
    /// <param name="line">Where to write.</param>
    public abstract void Finish(
        in Exchange exchange, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after, long sent, bool isLost, OutputBuffer line);

    /// <summary>The value of a request's field, cut; empty where there is none.</summary>
    protected static ReadOnlySpan<byte> FieldOf(RequestHead head, in ExchangeStart start, ReadOnlySpan<byte> name)
    {
        ReadOnlySpan<byte> value = default;
        if (!start.IsRefused)
        {
            head.TryGetField(name, out value);
        }

        return value[..Math.Min(value.Length, LongestField)];
    }

    /// <summary>The client's address; <c>unix:</c> where it has none, as nginx writes it.</summary>
    protected ReadOnlySpan<byte> TextOf(IPAddress? client)
    {
        if (client is null)
        {
            return "unix:"u8;
        }

        // Mostly the same as for the last request.
        if (!ReferenceEquals(client, _lastClient))
        {
            (client.IsIPv4MappedToIPv6 ? client.MapToIPv4() : client).TryFormat(_client, out _clientLength);
            _lastClient = client;
        }

        return _client.AsSpan(0, _clientLength);
    }
}
