using System;
using AotServe.Files;
using AotServe.Http;

namespace AotServe.Observation;

/// <summary>Counts the exchanges of one thread, and makes the lines of the log.</summary>
/// <param name="counters">The thread's.</param>
/// <param name="log">Writes the lines; null: there is no log.</param>
/// <param name="format">Their form; null: there is no log.</param>
/// <param name="skip">Paths that are not logged; null: all are.</param>
internal sealed class ThreadLog(ThreadCounters counters, AccessLog? log, LineFormat? format, HiddenNames? skip) : IExchangeLog
{
    private const int UsualLine = 1024;

    private readonly LogRing? _ring = log?.AddRing();
    private readonly OutputBuffer _line = new(log is null ? 0 : UsualLine);

    public int Describe(RequestHead head, in ExchangeStart start, OutputBuffer description)
    {
        bool isSkipped = format is null || (skip is not null && !start.IsRefused && IsSkipped(skip, head));
        return isSkipped ? 0 : format!.Describe(head, start, description);
    }

    public void End(in Exchange exchange, ReadOnlySpan<byte> description, long sent, bool isLost)
    {
        counters.Count(exchange, sent, ExchangeTime.Microseconds(exchange));
        if (description.IsEmpty)
        {
            return;
        }

        _line.Truncate(0);
        format!.Finish(
            exchange, description[..exchange.DescriptionSplit], description[exchange.DescriptionSplit..], sent, isLost, _line);
        if (_ring!.Add(_line.Written))
        {
            log!.Added(_ring);
        }
    }

    private static bool IsSkipped(HiddenNames skip, RequestHead head) => skip.Contains(head.Path.TrimStart((byte)'/'));
}
