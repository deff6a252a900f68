using Daybook.Core.Tests.Engine;
using Daybook.Memory;

namespace Daybook.Core.Tests.Records;

public sealed class FormatOneTests
{
    private const string JournalZero = """{"format":1,"epoch":7,"ledgers":[{"id":1,"first":0}],"start":0,"checkpoint":null}""";
    private const string JournalOne = """{"format":1,"epoch":7,"ledgers":[{"id":2,"first":0}],"start":0,"checkpoint":null}""";

    [Theory]
    [InlineData(FormatOne.File, false)]
    [InlineData(FormatOne.File, true)]
    [InlineData(FormatOne.FileOfFormatTwo, false)]
    [InlineData(FormatOne.FileOfFormatTwo, true)]
    public async Task Book_written_in_an_earlier_format_is_read(string file, bool withRecoveryPoints)
    {
        await using var book = await OpenAsync(withRecoveryPoints, file);
        Assert.Equal(new Aggregate<Wallet>(new StreamId("wallet/alice"), new StreamVersion(3), new Wallet(70, 1000)), await book.ReadAsync<Wallet>("alice"));
        Assert.Equal(new Wallet(25, 1000), (await book.ReadAsync<Wallet>("bob")).State);
        Assert.Equal(new Wallet(5, 1000), (await book.ReadAsync<Wallet>("a")).State);
        Assert.Equal(new Wallet(100, 1000), (await book.ReadAsync<Wallet>("alice", new StreamVersion(2))).State);
        Assert.IsType<Outcome.Accepted>(await book.Send(new Move("alice", "bob", 70)));
        Assert.Equal(95, await book.AmountOf("bob"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Outcomes_of_format_1_are_known(bool withRecoveryPoints)
    {
        await using var book = await OpenAsync(withRecoveryPoints);
        foreach (var accepted in new[] { 1, 2, 3, 6, 7, 9, 10 })
            Assert.IsType<Outcome.Accepted>(await book.OutcomeOfAsync(TwoPartitions.Id(accepted)));
        Assert.Equal(new Outcome.Rejected(TwoPartitions.Id(4), "insufficient", "0 is less than 1."), await book.OutcomeOfAsync(TwoPartitions.Id(4)));
        Assert.Equal(new Outcome.Conflict(TwoPartitions.Id(5), new StreamId("wallet/alice"), new StreamVersion(2)), await book.OutcomeOfAsync(TwoPartitions.Id(5)));
        Assert.Equal(new Outcome.Rejected(TwoPartitions.Id(8), "insufficient", null), await book.OutcomeOfAsync(TwoPartitions.Id(8)));
        Assert.Null(await book.OutcomeOfAsync(TwoPartitions.Id(11)));
    }

    [Fact]
    public async Task Events_and_metadata_of_format_1_are_read()
    {
        await using var book = await OpenAsync(withRecoveryPoints: false);
        var first = await book.Streams.ReadAsync(new StreamId("wallet/alice")).FirstAsync();
        Assert.Equal(new EventMetadata
        {
            CommandId = TwoPartitions.Id(1),
            Time = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
            CausationId = FormatOne.Options.CausationId,
            CorrelationId = FormatOne.Options.CorrelationId,
            Tenant = FormatOne.Options.Tenant,
            TraceParent = FormatOne.TraceParent,
        }, first.Metadata);
        var raw = await book.Streams.ReadAsync(new StreamId("raw/1")).ToListAsync();
        Assert.Equal([("one", "01FF"), ("two", "")], raw.Select(e => (e.Type, Convert.ToHexString(e.Data.Span))));
        var bob = await book.Streams.ReadAsync(new StreamId("wallet/bob")).ToListAsync();
        Assert.Equal([1, 2, 3], bob.Select(e => e.Version.Value));
        Assert.Equal(TwoPartitions.Id(7), bob[1].Metadata.CommandId);
    }

    [Theory]
    [InlineData(FormatOne.File, false)]
    [InlineData(FormatOne.FileOfFormatTwo, true)]
    public async Task Another_command_under_an_id_is_refused_where_its_record_has_a_fingerprint(string file, bool isRefused)
    {
        await using var book = await OpenAsync(withRecoveryPoints: true, file);
        var again = book.SendAsync(new Change("bob", 1), TwoPartitions.Id(2)).AsTask();
        if (isRefused)
            Assert.Equal(ErrorCode.CommandIdReused, (await Assert.ThrowsAsync<DaybookException>(() => again)).Code);
        else
            Assert.IsType<Outcome.Accepted>(await again);
        Assert.Equal(25, await book.AmountOf("bob"));
    }

    private static async Task<Book> OpenAsync(bool withRecoveryPoints, string file = FormatOne.File)
    {
        var fixture = JournalFixture.Read(file);
        var ledgers = new MemoryLedgerStore();
        foreach (var name in fixture.Entries.Select(e => e.Name).Distinct())
        {
            await using var writer = await ledgers.CreateAsync();
            Assert.EndsWith($"ledger {writer.Id}", name, StringComparison.Ordinal);
            foreach (var entry in fixture.Of(name))
                await writer.AppendAsync(entry);
            if (name.StartsWith("checkpoint", StringComparison.Ordinal))
                await writer.CloseAsync();
        }
        var coordinator = new MemoryCoordinator();
        await coordinator.CreateAsync("journals/0", Json(JournalZero, withRecoveryPoints ? CheckpointOf(fixture, 3) : "null"));
        await coordinator.CreateAsync("journals/1", Json(JournalOne, withRecoveryPoints ? CheckpointOf(fixture, 4) : "null"));
        return await Books.OpenAsync(ledgers, coordinator, options => options.Partitions = 2);
    }

    /// <summary>A recovery point's entries carry the offset at which replay goes on as their first.</summary>
    private static string CheckpointOf(JournalFixture fixture, int ledger)
    {
        var entry = fixture.Entries.First(e => e.Name.EndsWith($"ledger {ledger}", StringComparison.Ordinal)).Bytes;
        return $$"""{"ledger":{{ledger}},"offset":{{BitConverter.ToInt64(entry, 16)}}}""";
    }

    private static byte[] Json(string journal, string checkpoint) =>
        System.Text.Encoding.UTF8.GetBytes(journal.Replace("null", checkpoint, StringComparison.Ordinal));
}
