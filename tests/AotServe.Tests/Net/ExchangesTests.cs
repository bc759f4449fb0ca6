using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using AotServe.Buffers;
using AotServe.Http;
using AotServe.Net;
using Xunit;

namespace AotServe.Tests.Net;

/// <summary>Which of the responses that were sent together came out whole, which were lost, and how much of them was sent.</summary>
public sealed class ExchangesTests : IExchangeObserver, IExchangeLog
{
    private readonly List<(string Description, long Sent, bool IsLost)> _ended = [];
    private readonly Exchanges _exchanges;
    private int _missed;
    private int _described;

    public ExchangesTests() => _exchanges = new Exchanges(this);

    IExchangeLog IExchangeObserver.StartThread() => this;

    void IExchangeObserver.Miss(int count) => _missed += count;

    int IExchangeLog.Describe(RequestHead head, in ExchangeStart start, OutputBuffer description)
    {
        description.Write(Encoding.ASCII.GetBytes("exchange " + (++_described).ToString(CultureInfo.InvariantCulture)));
        return 8;
    }

    void IExchangeLog.End(in Exchange exchange, ReadOnlySpan<byte> description, long sent, bool isLost)
    {
        Assert.Equal((description.Length, 8), (exchange.DescriptionLength, exchange.DescriptionSplit));
        _ended.Add((Encoding.ASCII.GetString(description), sent, isLost));
    }

    [Theory]
    [InlineData(0, 0, true, 0, true, 0, true)]
    [InlineData(100, 0, true, 0, true, 0, true)]
    [InlineData(101, 1, true, 0, true, 0, true)]
    [InlineData(1_099, 999, true, 0, true, 0, true)]
    [InlineData(1_100, 1_000, false, 0, true, 0, true)]
    [InlineData(1_200, 1_000, false, 0, false, 0, true)]
    [InlineData(1_301, 1_000, false, 0, false, 1, true)]
    [InlineData(3_300, 1_000, false, 0, false, 2_000, false)]
    public void What_was_sent_before_a_loss_is_of_the_first_responses(
        long sent, long first, bool isFirstLost, long second, bool isSecondLost, long third, bool isThirdLost)
    {
        AddThree();
        _exchanges.End(sent, isLost: true);

        Assert.Equal(
            [("exchange 1", first, isFirstLost), ("exchange 2", second, isSecondLost), ("exchange 3", third, isThirdLost)], _ended);
        Assert.True(_exchanges.IsEmpty);
    }

    [Fact]
    public void What_is_done_is_done_to_the_last_byte()
    {
        AddThree();
        _exchanges.End(3_300, isLost: false);

        Assert.Equal([("exchange 1", 1_000, false), ("exchange 2", 0, false), ("exchange 3", 2_000, false)], _ended);
    }

    [Fact]
    public void An_error_in_the_place_of_the_last_response_has_its_own_length()
    {
        AddThree();
        _exchanges.ReplaceLast(500, headLength: 50, contentLength: 7);
        _exchanges.End(1_257, isLost: true);

        Assert.Equal([("exchange 1", 1_000, false), ("exchange 2", 0, false), ("exchange 3", 7, false)], _ended);
    }

    [Fact]
    public void Those_of_a_slow_client_wait_for_their_last_byte_beside_those_of_others()
    {
        var budget = new BufferBudget(64 * 1024);
        var unsent = new UnsentExchanges(budget);
        AddThree();
        unsent.Begin(_exchanges, SendResult.Blocked, 500);
        Assert.Equal((true, 0), (_exchanges.IsEmpty, _ended.Count));

        // Another client's.
        Add(200);
        _exchanges.End(300, isLost: false);
        Assert.Equal([("exchange 4", 200, false)], _ended);
        _ended.Clear();

        unsent.GoOn(_exchanges, SendResult.Yield, 700);
        Assert.Empty(_ended);
        unsent.GoOn(_exchanges, SendResult.Done, 2_100);
        Assert.Equal([("exchange 1", 1_000, false), ("exchange 2", 0, false), ("exchange 3", 2_000, false)], _ended);

        unsent.GoOn(_exchanges, SendResult.Failed, 0); // Nothing is there any more.
        Assert.Equal((3, 0), (_ended.Count, _missed));
        Assert.True(budget.TryReserve(64 * 1024));
    }

    [Fact]
    public void A_slow_client_that_is_lost_has_what_was_sent_in_all()
    {
        var unsent = new UnsentExchanges(new BufferBudget(64 * 1024));
        AddThree();
        unsent.Begin(_exchanges, SendResult.Yield, 600);
        unsent.GoOn(_exchanges, SendResult.Blocked, 500);
        unsent.GoOn(_exchanges, SendResult.Failed, 400);

        Assert.Equal([("exchange 1", 1_000, false), ("exchange 2", 0, false), ("exchange 3", 200, true)], _ended);
    }

    [Fact]
    public void Without_a_buffer_to_keep_them_they_are_missed_and_counted()
    {
        var unsent = new UnsentExchanges(new BufferBudget(0));
        AddThree();
        unsent.Begin(_exchanges, SendResult.Blocked, 500);
        unsent.GoOn(_exchanges, SendResult.Done, 2_800);

        Assert.Equal((3, 0, true), (_missed, _ended.Count, _exchanges.IsEmpty));
    }

    [Fact]
    public void A_body_that_cannot_be_read_leaves_them_for_the_response_that_takes_its_place()
    {
        var unsent = new UnsentExchanges(new BufferBudget(64 * 1024));
        AddThree();
        unsent.Begin(_exchanges, SendResult.Unreadable, 0);
        Assert.Equal((false, 0), (_exchanges.IsEmpty, _ended.Count));
        unsent.Begin(_exchanges, SendResult.Failed, 1_150);

        Assert.Equal(["exchange 1"], _ended.Where(one => !one.IsLost).Select(one => one.Description));
    }

    private void AddThree() => Array.ForEach([1_000, 0, 2_000], Add);

    private void Add(int contentLength) => _exchanges.Add(
        new Exchange { Method = RequestMethod.Get, Status = 200, HeadLength = 100, ContentLength = contentLength }, new RequestHead(), default);
}
