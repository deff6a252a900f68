using Daybook.BookKeeper.Wire;

namespace Daybook.BookKeeper.Tests.Connections;

/// <summary>Connections that end, cannot be made, or fall silent.</summary>
public sealed class BrokenConnectionTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Connection_that_breaks_fails_what_waits_and_is_made_again_on_use()
    {
        await using var bookie = new FakeBookie();
        await using var asker = new Asker(bookie);
        asker.Add(bookie, 0, 0);
        asker.Add(bookie, 1, 1);
        asker.Read(bookie, 2, 2);
        var requests = await bookie.NextAsync(3);
        await requests[0].AnswerAsync();
        Assert.Equal((0, BookieStatus.Ok), ((await asker.NextAsync()) is var answer ? answer.Position : -1, answer.Status));
        await requests[0].Connection.CloseAsync();

        Assert.Equal([BookieStatus.Unreachable, BookieStatus.Unreachable], await asker.StatusesAsync(2, from: 1));
        asker.Add(bookie, 3);
        await (await bookie.NextAsync()).AnswerAsync();
        Assert.Equal(BookieStatus.Ok, (await asker.NextAsync()).Status);
        Assert.Equal(2, bookie.Accepted);
    }

    [Fact]
    public async Task Refused_connections_fail_fast_without_a_storm_until_the_bookie_is_back()
    {
        await using var bookie = new FakeBookie();
        await using var asker = new Asker(bookie);
        await bookie.StopAsync();
        asker.Add(bookie, 0);
        Assert.Equal(BookieStatus.Unreachable, (await asker.NextAsync()).Status);
        bookie.Restart();
        for (var i = 0; i < 50; i++)
            asker.Add(bookie, i, i);

        Assert.All(await asker.StatusesAsync(50), status => Assert.Equal(BookieStatus.Unreachable, status));
        Assert.Equal(0, bookie.Accepted);
        asker.Time.Advance(s_second);
        asker.Add(bookie, 60);
        await (await bookie.NextAsync()).AnswerAsync();
        Assert.Equal(BookieStatus.Ok, (await asker.NextAsync()).Status);
        Assert.Equal(1, bookie.Accepted);
    }

    [Fact]
    public async Task Connections_that_end_without_an_answer_are_made_at_longer_and_longer_distances()
    {
        await using var bookie = new FakeBookie { HangsUp = true };
        await using var asker = new Asker(bookie);
        for (var tick = 0; tick < 200; tick++)
        {
            asker.Add(bookie, tick);
            Assert.Equal(BookieStatus.Unreachable, (await asker.NextAsync()).Status);
            asker.Time.Advance(TimeSpan.FromMilliseconds(50));
        }
        // Ten seconds: 50, 100, … ms up to 2 s, of which a random part of up to half is not waited.
        Assert.InRange(bookie.Accepted, 8, 16);
    }

    [Fact]
    public async Task Bookie_that_nobody_knows_is_unreachable()
    {
        await using var bookie = new FakeBookie();
        await using var asker = new Asker();
        asker.Add(bookie, 0);
        asker.Read(bookie, 7, 1);

        Assert.Equal([BookieStatus.Unreachable, BookieStatus.Unreachable], await asker.StatusesAsync(2));
    }

    [Theory]
    [InlineData("127.0.0.1", 70_000)]
    [InlineData("no such host", 3181)]
    public async Task Address_that_leads_nowhere_is_unreachable(string host, int port)
    {
        await using var bookie = new FakeBookie();
        await using var asker = new Asker(null, (host, port));
        asker.Add(bookie, 0);

        Assert.Equal(BookieStatus.Unreachable, (await asker.NextAsync()).Status);
    }

    [Fact]
    public async Task Connection_with_too_many_requests_that_were_never_answered_is_given_up()
    {
        const int TooMany = 65_537;
        await using var bookie = new FakeBookie();
        await using var asker = new Asker(bookie);
        for (var i = 0; i <= TooMany; i++)
            asker.Read(bookie, i, i);
        var first = await bookie.NextAsync();
        await first.AnswerAsync();
        Assert.Equal(BookieStatus.Ok, (await asker.NextAsync()).Status);
        asker.Time.Advance(6 * s_second);

        Assert.All(await asker.StatusesAsync(TooMany, from: 1), status => Assert.Equal(BookieStatus.TimedOut, status));
        await first.Connection.Closed;
    }

    [Fact]
    public async Task Connect_that_takes_too_long_fails()
    {
        // Accepted by the system, but START_TLS gets no answer.
        await using var bookie = new FakeBookie();
        await using var asker = new Asker(o => o with { Tls = new(), ConnectTimeout = 2 * s_second }, bookie);
        asker.Add(bookie, 0);
        await bookie.NextAsync();
        asker.Time.Advance(s_second);
        Assert.Equal(0, asker.Unread);
        asker.Time.Advance(s_second);

        Assert.Equal(BookieStatus.Unreachable, (await asker.NextAsync()).Status);
    }

    [Theory]
    [InlineData(BookieProtocol.V2)]
    [InlineData(BookieProtocol.V3)]
    public async Task Request_without_an_answer_times_out_and_its_late_answer_is_ignored(BookieProtocol protocol)
    {
        await using var bookie = new FakeBookie();
        await using var asker = new Asker(o => o with { Protocol = protocol, AddTimeout = 4 * s_second, ReadTimeout = 6 * s_second }, bookie);
        asker.Add(bookie, 0, 0);
        asker.Read(bookie, 1, 1);
        var late = await bookie.NextAsync(2);
        asker.Time.Advance(3.9 * s_second);
        Assert.Equal(0, asker.Unread);
        asker.Time.Advance(0.5 * s_second);
        var add = await asker.NextAsync();
        Assert.Equal((0, new EntryId(0), BookieStatus.TimedOut), (add.Position, add.Entry, add.Status));
        Assert.Equal(0, asker.Unread);
        asker.Time.Advance(2 * s_second);
        Assert.Equal((1, BookieStatus.TimedOut), ((await asker.NextAsync()) is var read ? read.Position : -1, read.Status));

        await late[0].AnswerAsync();
        await late[1].AnswerAsync(body: [1]);
        asker.Add(bookie, 2, 2);
        await (await bookie.NextAsync()).AnswerAsync();
        Assert.Equal(2, (await asker.NextAsync()).Position);
        Assert.Equal((0, 1), (asker.Unread, bookie.Accepted));
    }

    [Fact]
    public async Task Late_answer_counts_once_and_never_for_the_same_request_sent_again()
    {
        await using var bookie = new FakeBookie();
        await using var asker = new Asker(o => o with { Protocol = BookieProtocol.V2 }, bookie);
        asker.Add(bookie, 0, 1);
        var first = await bookie.NextAsync();
        asker.Time.Advance(6 * s_second);
        Assert.Equal(BookieStatus.TimedOut, (await asker.NextAsync()).Status);
        asker.Add(bookie, 0, 2);
        var second = await bookie.NextAsync();
        await first.AnswerAsync(BookieStatus.Fenced);
        await second.AnswerAsync();
        var answer = await asker.NextAsync();

        Assert.Equal((2, BookieStatus.Ok), (answer.Position, answer.Status));
        Assert.NotNull(second.V3);
        asker.Add(bookie, 1, 3);
        await (await bookie.NextAsync()).AnswerAsync();
        Assert.Equal(3, (await asker.NextAsync()).Position);
        await first.AnswerAsync(BookieStatus.Fenced);
        await first.Connection.Closed;
    }

    [Fact]
    public async Task Long_poll_has_its_own_time_on_top_of_that_of_reads()
    {
        await using var bookie = new FakeBookie();
        await using var asker = new Asker(o => o with { ReadTimeout = 2 * s_second }, bookie);
        asker.Read(bookie, new ReadRequest(Asker.Ledger, new EntryId(4), PreviousLac: new EntryId(3), Timeout: 3000));
        await bookie.NextAsync();
        asker.Time.Advance(4.9 * s_second);
        Assert.Equal(0, asker.Unread);
        asker.Time.Advance(0.4 * s_second);

        Assert.Equal(BookieStatus.TimedOut, (await asker.NextAsync()).Status);
    }

    [Fact]
    public async Task Connection_on_which_requests_time_out_and_nothing_ever_comes_is_given_up()
    {
        await using var bookie = new FakeBookie();
        await using var asker = new Asker(bookie);
        asker.Add(bookie, 0, 0);
        var silent = await bookie.NextAsync();
        asker.Time.Advance(6 * s_second);
        Assert.Equal(BookieStatus.TimedOut, (await asker.NextAsync()).Status);
        asker.Add(bookie, 1, 1);
        asker.Time.Advance(3 * s_second);
        asker.Add(bookie, 2, 2);
        await bookie.NextAsync(2);
        asker.Time.Advance(3 * s_second);

        Assert.Equal([BookieStatus.TimedOut, BookieStatus.Unreachable], await asker.StatusesAsync(2, from: 1));
        await silent.Connection.Closed;
    }

    [Fact]
    public async Task L23_frozen_bookie_holds_no_more_than_its_bytes_and_does_not_hold_up_others()
    {
        await using var frozen = new FakeBookie();
        await using var lively = new FakeBookie();
        await using var asker = new Asker(o => o with { MaxFrameBytes = 1 << 16, MaxPendingBytesPerBookie = 1 << 18 }, frozen, lively);
        var payload = new string('x', 60_000);
        for (var i = 0; i < 10; i++)
            asker.Add(frozen, Asker.AddOf(i, payload), i);
        for (var i = 0; i < 6; i++)
            Assert.Equal(BookieStatus.Congested, (await asker.NextAsync()).Status);

        for (var i = 0; i < 20; i++)
        {
            asker.Add(lively, Asker.AddOf(i, payload), i);
            await (await lively.NextAsync()).AnswerAsync();
            Assert.Equal((lively.Id, BookieStatus.Ok), ((await asker.NextAsync()) is var answer ? answer.Bookie : default, answer.Status));
        }
        foreach (var request in await frozen.NextAsync(4))
            await request.AnswerAsync();
        Assert.Equal(Enumerable.Repeat(BookieStatus.Ok, 4), await asker.StatusesAsync(4));
        asker.Add(frozen, Asker.AddOf(11, payload));
        await (await frozen.NextAsync()).AnswerAsync();
        Assert.Equal(BookieStatus.Ok, (await asker.NextAsync()).Status);
    }

    [Fact]
    public async Task L23_bytes_of_cancelled_requests_that_are_not_sent_still_count()
    {
        await using var bookie = new FakeBookie { IsFrozen = true };
        await using var asker = new Asker(o => o with { MaxFrameBytes = 1 << 20, MaxPendingBytesPerBookie = 1 << 25 }, bookie);
        var payload = new string('x', 1_000_000);
        const int Taken = 33;
        for (var i = 0; i < Taken; i++)
            asker.Add(bookie, Asker.AddOf(i, payload), i);
        asker.Time.Advance(6 * s_second);
        Assert.All(await asker.StatusesAsync(Taken), status => Assert.Equal(BookieStatus.TimedOut, status));
        for (var i = 0; i < Taken; i++)
            asker.Add(bookie, Asker.AddOf(i, payload), i);

        // What the system took off us in the meantime has made room, and no more than that.
        Assert.Equal(BookieStatus.Congested, (await asker.NextAsync()).Status);
    }

    [Fact]
    public async Task Closing_answers_everything_and_later_requests_too()
    {
        await using var bookie = new FakeBookie();
        await using var asker = new Asker(o => o with { Protocol = BookieProtocol.V2 }, bookie);
        asker.Add(bookie, 0, 0);
        asker.Read(bookie, 1, 1);
        var batch = asker.Bookies.ReadBatchAsync(bookie.Id, Asker.Ledger, new EntryId(3), 5, 1000);
        var force = asker.Bookies.ForceAsync(bookie.Id, Asker.Ledger);
        var requests = await bookie.NextAsync(4);
        await asker.Bookies.DisposeAsync();

        Assert.Equal([BookieStatus.Unreachable, BookieStatus.Unreachable], await asker.StatusesAsync(2));
        Assert.Equal((BookieStatus.Unreachable, BookieStatus.Unreachable), ((await batch).Status, await force));
        foreach (var request in requests)
            await request.Connection.Closed;
        asker.Add(bookie, 2);
        Assert.Equal(BookieStatus.Unreachable, (await asker.NextAsync()).Status);
        Assert.Equal(2, bookie.Accepted);
    }

    [Fact]
    public async Task Closing_while_connecting_answers_everything()
    {
        await using var bookie = new FakeBookie();
        await using var asker = new Asker(o => o with { Tls = new() }, bookie);
        asker.Add(bookie, 0);
        await bookie.NextAsync();
        await asker.Bookies.DisposeAsync();

        Assert.Equal(BookieStatus.Unreachable, (await asker.NextAsync()).Status);
    }
}
