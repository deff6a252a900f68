using Daybook.BookKeeper.Reading;
using Daybook.BookKeeper.Wire;
using Daybook.Ledgers;

namespace Daybook.BookKeeper.Tests.Reading;

/// <summary>One entry: the bookies it is read from, and the answer when none has it.</summary>
public sealed class SingleReadTests
{
    private static readonly EntryId s_one = new(1);

    [Theory]
    [InlineData(DigestType.Crc32)]
    [InlineData(DigestType.Crc32C)]
    [InlineData(DigestType.Hmac)]
    public async Task L17_bit_flipped_anywhere_in_one_copy_is_read_from_another(DigestType type)
    {
        var ledger = new WrittenLedger(digest: type).Append(3).Close();
        var sound = ledger.At("b")[1].ToArray();
        for (var bit = 0; bit < sound.Length * 8; bit++)
        {
            var damaged = sound.ToArray();
            damaged[bit / 8] ^= (byte)(1 << bit % 8);
            ledger.At("b")[1] = damaged;
            var reader = await ledger.OpenAsync();

            Assert.Equal(WrittenLedger.Payload(s_one), (await ReadAsync(ledger, reader, s_one)).Data.ToArray());
        }
    }

    [Theory]
    [InlineData(DigestType.Crc32C)]
    [InlineData(DigestType.Dummy)]
    public async Task L17_other_entry_served_is_read_from_another_bookie(DigestType type)
    {
        var ledger = new WrittenLedger(digest: type).Append(3).Close();
        ledger.At("b")[1] = ledger.At("b")[0];
        ledger.At("c")[1] = [1, 2, 3];
        var reader = await ledger.OpenAsync();

        Assert.Equal(WrittenLedger.Payload(s_one), (await ReadAsync(ledger, reader, s_one)).Data.ToArray());
    }

    [Fact]
    public async Task L17_damage_of_all_copies_is_corruption_that_names_the_bookies()
    {
        var ledger = new WrittenLedger().Append(3).Close();
        foreach (var bookie in new[] { "a", "b", "c" })
            ledger.At(bookie)[1][40] ^= 1;
        var reader = await ledger.OpenAsync();

        var error = await FailAsync(ledger, reader, s_one);

        Assert.Equal((BookKeeperError.DigestMismatch, ErrorCode.Corrupted), (error.Error, error.Code));
        Assert.Equal((WrittenLedger.Id, s_one, new BookieId("b")), (error.Ledger, error.Entry, error.Bookie));
        Assert.Contains("b: DigestMismatch; c: DigestMismatch; a: DigestMismatch", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Copies_are_asked_from_the_entrys_own_position_on_and_failed_bookies_last_for_a_while()
    {
        var ledger = new WrittenLedger().Append(3).Close();
        var reader = await ledger.OpenAsync();
        ledger.Bookies.Down.Add(new BookieId("b"));

        Assert.Equal(["b", "c"], await AskedAsync(ledger, reader, s_one));
        Assert.Equal(["c"], await AskedAsync(ledger, reader, s_one));
        Assert.Equal(["a"], await AskedAsync(ledger, reader, new EntryId(0)));
        Assert.Equal(["c"], await AskedAsync(ledger, reader, new EntryId(2)));
        ledger.Bookies["c"].Refuses = BookieStatus.IoError;
        Assert.Equal(["c", "a"], await AskedAsync(ledger, reader, s_one));
        ledger.Bookies["c"].Refuses = null;
        ledger.Bookies.Down.Clear();
        ledger.Time.Advance(ledger.Client.Options.AvoidFor);
        Assert.Equal(["b"], await AskedAsync(ledger, reader, s_one));
    }

    [Fact]
    public async Task Next_bookie_is_asked_too_when_one_is_slow_and_the_first_good_answer_counts()
    {
        var ledger = new WrittenLedger().Append(3).Close();
        var reader = await ledger.OpenAsync();
        var reading = reader.ReadAsync(s_one).AsTask();

        ledger.Time.Advance(ledger.Client.Options.SpeculativeReadAfter - TimeSpan.FromTicks(1));
        Assert.Equal("read 1 at b", Assert.Single(ledger.Bookies.InFlight).ToString());
        ledger.Time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(["read 1 at b", "read 1 at c"], ledger.Bookies.InFlight.Select(m => m.ToString()));
        ledger.Time.Advance(ledger.Client.Options.SpeculativeReadAfter);
        Assert.Equal(3, ledger.Bookies.InFlight.Count);
        ledger.Bookies.DeliverWhere(m => m.Bookie.Value == "c");

        Assert.Equal(WrittenLedger.Payload(s_one), (await reading).Data.ToArray());
        ledger.Bookies.DeliverAll();
        Assert.Equal(["a"], await AskedAsync(ledger, reader, new EntryId(0)));
    }

    [Fact]
    public async Task Slow_bookies_answer_counts_when_it_comes_first_after_all()
    {
        var ledger = new WrittenLedger().Append(3).Close();
        var reader = await ledger.OpenAsync();
        var reading = reader.ReadAsync(s_one).AsTask();
        ledger.Time.Advance(ledger.Client.Options.SpeculativeReadAfter);

        ledger.Bookies.DeliverWhere(m => m.Bookie.Value == "b");

        Assert.Equal(WrittenLedger.Payload(s_one), (await reading).Data.ToArray());
    }

    [Theory]
    [InlineData(BookieStatus.NoEntry, BookKeeperError.ReadFailed, ErrorCode.StoreFailed)]
    [InlineData(BookieStatus.NoLedger, BookKeeperError.ReadFailed, ErrorCode.StoreFailed)]
    [InlineData(BookieStatus.IoError, BookKeeperError.ReadFailed, ErrorCode.StoreFailed)]
    [InlineData(BookieStatus.UnknownLedgerState, BookKeeperError.UnknownLedgerState, ErrorCode.StoreFailed)]
    [InlineData(BookieStatus.Unreachable, BookKeeperError.EntryUnavailable, ErrorCode.Unavailable)]
    [InlineData(BookieStatus.TimedOut, BookKeeperError.EntryUnavailable, ErrorCode.Unavailable)]
    [InlineData(BookieStatus.TooManyRequests, BookKeeperError.EntryUnavailable, ErrorCode.Unavailable)]
    internal async Task Acknowledged_entry_that_nobody_gives_is_an_error_never_an_end(BookieStatus status, BookKeeperError error, ErrorCode code)
    {
        var ledger = new WrittenLedger().Append(3).Close();
        var reader = await ledger.OpenAsync();
        foreach (var bookie in new[] { "a", "b", "c" })
            ledger.Bookies[bookie].Refuses = status;

        var failure = await FailAsync(ledger, reader, s_one);

        Assert.Equal((error, code, s_one), (failure.Error, failure.Code, failure.Entry));
        foreach (var bookie in new[] { "a", "b", "c" })
            Assert.Contains($"{bookie}: ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damage_counts_more_than_silence()
    {
        var ledger = new WrittenLedger().Append(3).Close();
        var reader = await ledger.OpenAsync();
        ledger.Bookies.Down.Add(new BookieId("b"));
        ledger.Bookies["c"].Refuses = BookieStatus.NoEntry;
        ledger.At("a")[1][50] ^= 4;

        var failure = await FailAsync(ledger, reader, s_one);

        Assert.Equal((ErrorCode.Corrupted, new BookieId("a")), (failure.Code, failure.Bookie));
    }

    [Fact]
    public async Task Entry_that_moved_to_other_bookies_is_found_there()
    {
        var ledger = new WrittenLedger().Append(3).Close();
        var reader = await ledger.OpenAsync();
        ledger.Metadata.Before = (what, _) => what == "read" ? throw Unavailable() : Task.CompletedTask;
        ledger.Rereplicate(new EntryId(0), "d", "e", "f");
        foreach (var (old, now) in new[] { ("a", "d"), ("b", "e"), ("c", "f") })
        {
            foreach (var (entry, bytes) in ledger.At(old))
                ledger.At(now)[entry] = bytes;
            ledger.Bookies[old].Wipe();
        }
        Assert.Equal(BookKeeperError.ReadFailed, (await FailAsync(ledger, reader, s_one)).Error);
        ledger.Metadata.Before = (_, _) => Task.CompletedTask;

        Assert.Equal(WrittenLedger.Payload(s_one), (await ReadAsync(ledger, reader, s_one)).Data.ToArray());
    }

    [Fact]
    public async Task Deleted_ledger_is_gone_for_its_readers()
    {
        var ledger = new WrittenLedger().Append(3).Close();
        var reader = await ledger.OpenAsync();
        await ledger.Metadata.DeleteAsync(WrittenLedger.Id);

        foreach (var _ in new[] { 1, 2 })
        {
            Assert.Equal(ErrorCode.NoSuchLedger, (await FailAsync(ledger, reader, s_one)).Code);
            var waiting = await Assert.ThrowsAsync<BookKeeperException>(() => reader.WaitAsync(new EntryId(9)).AsTask());
            Assert.Equal(ErrorCode.NoSuchLedger, waiting.Code);
        }
    }

    [Fact]
    public async Task Metadata_that_cannot_be_read_again_do_not_stop_reads_of_what_is_known()
    {
        var ledger = new WrittenLedger().Append(3).Close();
        var reader = await ledger.OpenAsync();
        ledger.Rereplicate(new EntryId(0), "a", "b", "d");
        var reads = 0;
        ledger.Metadata.Before = (_, _) => Task.FromException(reads++ >= 0 ? Unavailable() : null!);

        Assert.Equal(WrittenLedger.Payload(s_one), (await ReadAsync(ledger, reader, s_one)).Data.ToArray());
        Assert.Equal(WrittenLedger.Payload(s_one), (await ReadAsync(ledger, reader, s_one)).Data.ToArray());
        Assert.Equal(1, reads);
    }

    [Fact]
    public async Task L10_closed_ledger_ends_where_it_was_closed_even_if_bookies_hold_more()
    {
        var ledger = new WrittenLedger().Append(3);
        ledger.Write();
        ledger.Close();
        var reader = await ledger.OpenAsync();

        Assert.Equal((true, new EntryId(2)), (reader.IsClosed, reader.LastAddConfirmed));
        Assert.Equal(ErrorCode.NoSuchEntry, (await FailAsync(ledger, reader, new EntryId(3))).Code);
        Assert.False(await reader.WaitAsync(new EntryId(3)));
        Assert.Empty(ledger.Bookies.InFlight);
    }

    [Fact]
    public async Task Wrong_password_or_digest_is_found_before_any_bookie_is_asked()
    {
        var ledger = new WrittenLedger().Append(1);
        foreach (var (credentials, expected) in new[]
        {
            (new LedgerCredentials(DigestType.Crc32C, "other"u8.ToArray()), BookKeeperError.Unauthorized),
            (new LedgerCredentials(DigestType.Crc32, "secret"u8.ToArray()), BookKeeperError.DigestMismatch),
        })
        {
            var watched = await ledger.Metadata.ReadAndWatchAsync(WrittenLedger.Id);
            var opening = BookKeeperReader.OpenAsync(ReadServices.Of(ledger.Client), watched, credentials).AsTask();
            Assert.Equal(expected, (await Assert.ThrowsAsync<BookKeeperException>(() => opening)).Error);
        }
        Assert.Empty(ledger.Bookies.InFlight);
    }

    [Fact]
    public async Task Read_can_be_cancelled_and_ends_with_the_client()
    {
        var ledger = new WrittenLedger().Append(3).Close();
        var reader = await ledger.OpenAsync();
        using var stop = new CancellationTokenSource();
        var reading = reader.ReadAsync(s_one, stop.Token).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);

        await ledger.Closing.CancelAsync();
        Assert.Equal(ErrorCode.Closed, (await FailAsync(ledger, reader, s_one)).Code);
    }

    private static BookKeeperException Unavailable() => new(BookKeeperError.MetadataUnavailable, "ZooKeeper does not answer");

    private static Task<LedgerEntry> ReadAsync(WrittenLedger ledger, BookKeeperReader reader, EntryId entry)
    {
        var reading = reader.ReadAsync(entry).AsTask();
        ledger.Bookies.DeliverAll();
        return reading;
    }

    private static Task<BookKeeperException> FailAsync(WrittenLedger ledger, BookKeeperReader reader, EntryId entry) =>
        Assert.ThrowsAsync<BookKeeperException>(() => ReadAsync(ledger, reader, entry));

    private static async Task<List<string>> AskedAsync(WrittenLedger ledger, BookKeeperReader reader, EntryId entry)
    {
        var asked = new List<string>();
        var reading = reader.ReadAsync(entry).AsTask();
        while (ledger.Bookies.InFlight.FirstOrDefault() is { } message)
        {
            if (!message.IsAnswer)
                asked.Add(message.Bookie.Value);
            ledger.Bookies.Deliver(message);
        }
        Assert.Equal(WrittenLedger.Payload(entry), (await reading).Data.ToArray());
        return asked;
    }
}
