using Daybook.Core.Journals;
using Daybook.Core.Partitions;
using Daybook.Core.Records;

namespace Daybook.Core.Tests.Records;

public sealed class GoldenBytesTests
{
    [Fact]
    public void Entries_have_the_bytes_of_format_2() =>
        Assert.Equal(JournalFixture.Read(FormatOne.FileOfFormatTwo).ToString(), FormatOne.Write().ToString());

    [Fact]
    public void Fixture_holds_every_kind_of_record()
    {
        var found = new HashSet<RecordKind>();
        foreach (var (_, bytes) in JournalFixture.Read(FormatOne.File).Entries)
        {
            EntryFrame.Open(bytes, default, default);
            var cursor = new RecordCursor(bytes);
            while (cursor.MoveNext())
                found.Add(cursor.Kind);
        }
        Assert.Equal(Enum.GetValues<RecordKind>(), found.Order());
    }

    [Theory]
    [InlineData(0, "00")]
    [InlineData(127, "7F")]
    [InlineData(128, "8001")]
    [InlineData(300, "AC02")]
    [InlineData(long.MaxValue, "FFFFFFFFFFFFFFFF7F")]
    [InlineData(-1, "FFFFFFFFFFFFFFFFFF01")]
    public void Numbers_are_written_as_leb128(long value, string hex)
    {
        using var encoder = new RecordEncoder();
        encoder.WriteVarint(value);
        Assert.Equal(hex, Convert.ToHexString(encoder.WrittenSpan));
        Assert.Equal(value, new RecordDecoder(encoder.WrittenSpan).ReadVarint());
    }

    [Fact]
    public void Journal_record_has_the_json_of_format_1()
    {
        const string json = """{"format":1,"epoch":7,"ledgers":[{"id":1,"first":0},{"id":5,"first":1200}],"start":0,"checkpoint":{"ledger":6,"offset":1100}}""";
        var record = new JournalManifest
        {
            Epoch = new Epoch(7),
            Ledgers = [new JournalLedger(new LedgerId(1), default), new JournalLedger(new LedgerId(5), new JournalOffset(1200))],
            RecoveryPoint = new RecoveryPoint(new LedgerId(6), new JournalOffset(1100)),
        };
        Assert.Equal(json, System.Text.Encoding.UTF8.GetString(record.ToBytes()));
        var parsed = JournalManifest.Parse("journals/0", System.Text.Encoding.UTF8.GetBytes(json));
        Assert.Equal(record.Ledgers, parsed.Ledgers);
        Assert.Equal((record.Epoch, record.Start, record.RecoveryPoint), (parsed.Epoch, parsed.Start, parsed.RecoveryPoint));
    }

    [Theory]
    [InlineData("wallet/alice", 1, 0)]
    [InlineData("wallet/alice", 2, 1)]
    [InlineData("wallet/alice", 8, 5)]
    [InlineData("wallet/alice", 4096, 2689)]
    [InlineData("wallet/bob", 8, 3)]
    [InlineData("wallet/d", 100, 33)]
    [InlineData("konto/ä€", 4096, 3559)]
    public void Streams_stay_in_their_partition_for_ever(string stream, int partitions, int expected) =>
        Assert.Equal(new PartitionId(expected), new PartitionMap(partitions).Of(new StreamId(stream)));
}
