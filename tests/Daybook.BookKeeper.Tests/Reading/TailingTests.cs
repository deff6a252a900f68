using Daybook.BookKeeper.Quorums;
using Daybook.BookKeeper.Reading;
using Daybook.BookKeeper.Tests.Fakes;
using Daybook.BookKeeper.Wire;

namespace Daybook.BookKeeper.Tests.Reading;

/// <summary>L19: an open ledger is followed by long polls and a watch, never beyond the LAC that the reader has received.</summary>
public sealed class TailingTests
{
    private static readonly TimeSpan s_poll = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task L19_open_ledger_is_read_up_to_the_lac_that_bookies_know_and_no_further()
    {
        var ledger = new WrittenLedger().Append(3);
        ledger.Write();
        ledger.Write(["a"]);
        var reader = await ledger.OpenAsync();

        Assert.Equal((false, new EntryId(2)), (reader.IsClosed, reader.LastAddConfirmed));
        Assert.Equal(ErrorCode.NoSuchEntry, (await FailAsync(ledger, reader, new EntryId(3))).Code);
        Assert.Equal(WrittenLedger.Payload(new EntryId(2)), await ReadAsync(ledger, reader, new EntryId(2)));
    }

    [Fact]
    public async Task L19_reader_opens_only_when_enough_bookies_report_the_lac()
    {
        var ledger = new WrittenLedger().Append(3);
        ledger.Bookies["a"].Refuses = BookieStatus.UnknownLedgerState;
        ledger.Bookies.Down.Add(new BookieId("b"));

        var failure = await Assert.ThrowsAsync<BookKeeperException>(ledger.OpenAsync);

        Assert.Equal(BookKeeperError.NotEnoughBookies, failure.Error);
        ledger.Bookies["a"].Refuses = null;
        Assert.Equal(new EntryId(1), (await ledger.OpenAsync()).LastAddConfirmed);
    }

    [Fact]
    public async Task Read_beyond_the_known_lac_asks_the_bookies_again()
    {
        var ledger = new WrittenLedger().Append(2);
        var reader = await ledger.OpenPumpedAsync();
        Assert.Equal(new EntryId(0), reader.LastAddConfirmed);
        ledger.Append(3);
        ledger.TellLac();

        var read = await ledger.Pumped.RunAsync(reader.ReadAsync(new EntryId(4)).AsTask());

        Assert.Equal(WrittenLedger.Payload(new EntryId(4)), read.Data.ToArray());
        Assert.Equal(new EntryId(4), reader.LastAddConfirmed);
    }

    [Fact]
    public async Task L19_entry_is_seen_when_a_long_poll_reports_it_and_arrives_with_the_answer()
    {
        var ledger = new WrittenLedger().Append(1);
        ledger.TellLac();
        var reader = await ledger.OpenAsync();
        var waiting = reader.WaitAsync(new EntryId(1)).AsTask();
        var poll = Assert.Single(ledger.Bookies.InFlight);
        Assert.Equal((new EntryId(0), 1000L, ReadOptions.Piggyback, EntryId.None), (poll.Poll!.Value.PreviousLac, poll.Poll.Value.Timeout, poll.Poll.Value.Options, poll.Entry));

        ledger.Append(1);
        ledger.Bookies.DeliverAll();
        Assert.False(waiting.IsCompleted);
        ledger.TellLac();
        ledger.Bookies.DeliverAll();

        Assert.True(await waiting);
        Assert.Equal(new EntryId(1), reader.LastAddConfirmed);
        var read = reader.ReadAsync(new EntryId(1));
        Assert.True(read.IsCompletedSuccessfully);
        Assert.Equal(WrittenLedger.Payload(new EntryId(1)), (await read).Data.ToArray());
        Assert.Empty(ledger.Bookies.InFlight);
    }

    [Fact]
    public async Task L17_damaged_entry_that_comes_along_is_read_from_another_bookie()
    {
        var ledger = new WrittenLedger().Append(1);
        ledger.TellLac();
        var reader = await ledger.OpenAsync();
        var waiting = reader.WaitAsync(new EntryId(1)).AsTask();
        ledger.Append(1);
        ledger.At("b")[1][45] ^= 1;
        ledger.TellLac();
        ledger.Bookies.DeliverAll();

        Assert.True(await waiting);
        Assert.Equal(WrittenLedger.Payload(new EntryId(1)), await ReadAsync(ledger, reader, new EntryId(1)));
    }

    [Fact]
    public async Task L19_last_entry_of_an_idle_writer_is_seen_though_only_an_ack_quorum_was_told()
    {
        var ledger = new WrittenLedger().Append(2);
        var reader = await ledger.OpenAsync();
        var waiting = reader.WaitAsync(new EntryId(1)).AsTask();
        var first = Assert.Single(ledger.Bookies.InFlight);
        ledger.TellLac([.. "abc".Select(c => c.ToString()).Where(name => name != first.Bookie.Value)]);
        ledger.Bookies.DeliverAll();
        Assert.False(waiting.IsCompleted);

        ledger.Time.Advance(s_poll);
        ledger.Bookies.Lose(first, BookieStatus.Ok);
        ledger.Bookies.DeliverAll();

        Assert.True(await waiting);
    }

    [Theory, InlineData(1), InlineData(long.MaxValue)]
    public async Task L19_lac_that_no_digest_covers_is_not_believed_at_open_nor_while_following(long lie)
    {
        var ledger = new WrittenLedger(new QuorumSizes(1, 1, 1)).Append(1);
        ledger.TellLac();
        ledger.Write();
        var lying = new TamperedBookies(ledger.Bookies) { OnReadAnswer = (_, response) => response with { MaxLac = new EntryId(lie) } };
        var reader = await ledger.OpenAsync(lying);
        Assert.Equal(new EntryId(0), reader.LastAddConfirmed);
        var waiting = reader.WaitAsync(new EntryId(1)).AsTask();
        ledger.Time.Advance(s_poll);
        ledger.Bookies.Lose(ledger.Bookies.InFlight[0], BookieStatus.Ok);
        ledger.Bookies.DeliverAll();
        Assert.Equal(new EntryId(0), reader.LastAddConfirmed);
        Assert.False(waiting.IsCompleted);

        ledger.Lac = new EntryId(1);
        ledger.TellLac();
        ledger.Time.Advance(s_poll);
        ledger.Bookies.DeliverAll();
        Assert.True(await waiting);
    }

    [Fact]
    public async Task Bookies_are_polled_one_after_another_and_no_news_is_believed_after_enough_of_them()
    {
        var ledger = new WrittenLedger(new QuorumSizes(3, 3, 2)).Append(2);
        var reader = await ledger.OpenAsync();
        var waiting = reader.WaitAsync(new EntryId(1)).AsTask();
        var polled = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            polled.Add(Assert.Single(ledger.Bookies.InFlight).Bookie.Value);
            ledger.Time.Advance(s_poll);
            ledger.Bookies.Lose(ledger.Bookies.InFlight[0], BookieStatus.Ok);
        }

        Assert.Equal(["b", "c", "b", "c"], polled);
        Assert.False(waiting.IsCompleted);
    }

    [Fact]
    public async Task Next_bookie_is_polled_too_when_one_does_not_answer_and_failing_ones_are_left_at_once()
    {
        var ledger = new WrittenLedger().Append(2);
        var reader = await ledger.OpenAsync();
        var waiting = reader.WaitAsync(new EntryId(1)).AsTask();
        ledger.Time.Advance(TimeSpan.FromSeconds(1.5) - TimeSpan.FromTicks(1));
        Assert.Equal(["poll 0 at b"], ledger.Bookies.InFlight.Select(m => m.ToString()));
        ledger.Time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(["poll 0 at b", "poll 0 at c"], ledger.Bookies.InFlight.Select(m => m.ToString()));
        ledger.Bookies.Lose(ledger.Bookies.InFlight[1], BookieStatus.Unreachable);
        Assert.Equal(["poll 0 at b", "poll 0 at a"], ledger.Bookies.InFlight.Select(m => m.ToString()));
        ledger.TellLac("a");
        ledger.Bookies.DeliverAll();

        Assert.True(await waiting);
    }

    [Fact]
    public async Task Bookies_that_answer_immediately_or_not_at_all_are_not_polled_in_a_loop()
    {
        var ledger = new WrittenLedger();
        var reader = await ledger.OpenAsync();
        ledger.Bookies.Down.UnionWith(ledger.Value.Current.Bookies);
        var waiting = reader.WaitAsync(new EntryId(0)).AsTask();
        var polls = 0;
        for (var time = TimeSpan.Zero; time < TimeSpan.FromSeconds(10); time += TimeSpan.FromMilliseconds(10))
        {
            polls += ledger.Bookies.InFlight.Count;
            ledger.Bookies.DeliverAll();
            ledger.Time.Advance(TimeSpan.FromMilliseconds(10));
        }

        Assert.InRange(polls, 5, 20);
        ledger.Bookies.Down.Clear();
        ledger.Append(1);
        ledger.TellLac();
        ledger.Time.Advance(s_poll);
        ledger.Bookies.DeliverAll();
        Assert.True(await waiting);
    }

    [Fact]
    public async Task L19_close_is_seen_and_ends_the_waiting_for_ever()
    {
        var ledger = new WrittenLedger().Append(2);
        var reader = await ledger.OpenAsync();
        var second = reader.WaitAsync(new EntryId(1)).AsTask();
        var third = reader.WaitAsync(new EntryId(2)).AsTask();
        ledger.Recover();
        Assert.False(second.IsCompleted || third.IsCompleted);
        ledger.Write(["a"]);
        ledger.Close();

        Assert.True(await second);
        Assert.False(await third);
        Assert.Equal((true, new EntryId(1)), (reader.IsClosed, reader.LastAddConfirmed));
        Assert.False(await reader.WaitAsync(new EntryId(2)));
        Assert.True(await reader.WaitAsync(new EntryId(1)));
        Assert.Equal(ErrorCode.NoSuchEntry, (await FailAsync(ledger, reader, new EntryId(2))).Code);
    }

    [Fact]
    public async Task L19_new_segment_is_followed_on_its_bookies()
    {
        var ledger = new WrittenLedger().Append(2);
        var reader = await ledger.OpenAsync();
        var waiting = reader.WaitAsync(new EntryId(2)).AsTask();
        ledger.ChangeEnsemble("a", "d", "e");
        Assert.Equal(new EntryId(1), reader.LastAddConfirmed);
        foreach (var name in new[] { "b", "c" })
            ledger.Bookies.Down.Add(new BookieId(name));
        ledger.Append(1);
        ledger.TellLac("d", "e");
        ledger.Time.Advance(s_poll);
        ledger.Bookies.DeliverAll();

        Assert.True(await waiting);
        Assert.Equal(WrittenLedger.Payload(new EntryId(2)), await ReadAsync(ledger, reader, new EntryId(2)));
    }

    [Fact]
    public async Task L19_metadata_are_read_again_after_zookeeper_could_not_be_heard()
    {
        var ledger = new WrittenLedger().Append(1);
        var reader = await ledger.OpenAsync();
        var waiting = reader.WaitAsync(new EntryId(5)).AsTask();
        ledger.Metadata.Before = (_, _) => throw new BookKeeperException(BookKeeperError.MetadataUnavailable, "no connection");
        ledger.Close();
        Assert.False(waiting.IsCompleted);

        ledger.Metadata.Before = (_, _) => Task.CompletedTask;
        Assert.False(waiting.IsCompleted);
        ledger.Time.Advance(s_poll);

        Assert.False(await waiting);
        Assert.True(reader.IsClosed);
    }

    [Fact]
    public async Task Deletion_fails_the_waiting()
    {
        var ledger = new WrittenLedger().Append(1);
        var reader = await ledger.OpenAsync();
        var waiting = new[] { reader.WaitAsync(new EntryId(5)).AsTask(), reader.WaitAsync(new EntryId(6)).AsTask() };

        await ledger.Metadata.DeleteAsync(WrittenLedger.Id);

        foreach (var wait in waiting)
            Assert.Equal(ErrorCode.NoSuchLedger, (await Assert.ThrowsAsync<BookKeeperException>(() => wait)).Code);
        Assert.Equal(ErrorCode.NoSuchLedger, (await FailAsync(ledger, reader, new EntryId(0))).Code);
    }

    [Fact]
    public async Task Nobody_is_polled_once_nobody_waits()
    {
        var ledger = new WrittenLedger().Append(1);
        var reader = await ledger.OpenAsync();
        Assert.Empty(ledger.Bookies.InFlight);
        using var stop = new CancellationTokenSource();
        for (var i = 0; i < 10; i++)
        {
            using var once = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
            var waiting = reader.WaitAsync(new EntryId(5), once.Token).AsTask();
            await once.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        }

        Assert.Single(ledger.Bookies.InFlight);
        ledger.Bookies.Lose(ledger.Bookies.InFlight[0], BookieStatus.Ok);
        ledger.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(ledger.Bookies.InFlight);
    }

    [Fact]
    public async Task Waiting_ends_with_the_client()
    {
        var ledger = new WrittenLedger().Append(1);
        var reader = await ledger.OpenAsync();
        var waiting = reader.WaitAsync(new EntryId(5)).AsTask();

        await ledger.Closing.CancelAsync();

        Assert.Equal(ErrorCode.Closed, (await Assert.ThrowsAsync<BookKeeperException>(() => waiting)).Code);
        Assert.Equal(ErrorCode.Closed, (await Assert.ThrowsAsync<BookKeeperException>(() => reader.WaitAsync(new EntryId(5)).AsTask())).Code);
    }

    [Fact]
    public async Task What_a_writer_of_the_same_client_knows_is_read_before_any_bookie_was_told()
    {
        var ledger = new WrittenLedger().Append(3);
        var services = ReadServices.Of(ledger.Client) with { AcknowledgedHere = _ => ledger.Lac };
        var opening = BookKeeperReader.OpenAsync(services, await ledger.Metadata.ReadAndWatchAsync(WrittenLedger.Id), ledger.Credentials).AsTask();
        ledger.Bookies.DeliverAll();
        var reader = await opening;

        Assert.Equal(new EntryId(2), reader.LastAddConfirmed);
        ledger.Append(1);
        Assert.True(await reader.WaitAsync(new EntryId(3)));
        Assert.Equal(WrittenLedger.Payload(new EntryId(3)), await ReadAsync(ledger, reader, new EntryId(3)));
    }

    private static async Task<byte[]> ReadAsync(WrittenLedger ledger, BookKeeperReader reader, EntryId entry)
    {
        var reading = reader.ReadAsync(entry).AsTask();
        ledger.Bookies.DeliverAll();
        return (await reading).Data.ToArray();
    }

    private static Task<BookKeeperException> FailAsync(WrittenLedger ledger, BookKeeperReader reader, EntryId entry) =>
        Assert.ThrowsAsync<BookKeeperException>(() => ReadAsync(ledger, reader, entry));
}
