using Daybook.Core.RecoveryPoints;
using Daybook.Core.Journals;
using Daybook.Core.Partitions.State;
using Daybook.Core.Records;
using Daybook.Core.Streams;
using Daybook.Memory;

namespace Daybook.Core.Tests.Records;

/// <summary>Damaged bytes of any kind are reported as damage: never as another exception, never as a result.</summary>
public sealed class RecordFuzzTests
{
    private const int Rounds = 400;
    private readonly JournalFixture _fixture = JournalFixture.Read(FormatOne.File);

    [Fact]
    public void L17_flipped_bit_anywhere_in_an_entry_is_detected()
    {
        foreach (var (_, bytes) in _fixture.Entries)
        {
            for (var bit = 0; bit < bytes.Length * 8; bit++)
            {
                var damaged = (byte[])bytes.Clone();
                damaged[bit / 8] ^= (byte)(1 << (bit % 8));
                var failure = Assert.Throws<DaybookException>(() => EntryFrame.Open(damaged, new LedgerId(1), new EntryId(0)));
                Assert.True(failure.Code is ErrorCode.Corrupted or ErrorCode.NewerFormat, failure.Message);
            }
        }
    }

    [Fact]
    public void Cut_or_padded_entry_is_detected()
    {
        foreach (var (_, bytes) in _fixture.Entries)
        {
            for (var length = 0; length < bytes.Length; length++)
                Assert.Throws<DaybookException>(() => EntryFrame.Open(bytes.AsSpan(0, length), new LedgerId(1), new EntryId(0)));
            Assert.Throws<DaybookException>(() => EntryFrame.Open([.. bytes, 0], new LedgerId(1), new EntryId(0)));
        }
    }

    [Fact]
    public async Task J10_damage_that_the_checksum_does_not_show_is_reported_as_damage()
    {
        var random = new Random(20260101);
        var reported = 0;
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var (name, bytes) in _fixture.Entries)
            {
                var failure = await Record.ExceptionAsync(() => DecodeAsync(Damaged(bytes, random), name.StartsWith("checkpoint", StringComparison.Ordinal)));
                Assert.True(failure is null or DaybookException { Code: ErrorCode.Corrupted or ErrorCode.NewerFormat }, $"Round {round}, {name}: {failure}");
                reported += failure is null ? 0 : 1;
            }
        }
        Assert.True(reported > Rounds, $"Only {reported} of the damaged entries were found to be damaged.");
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"ledgers\":null}")]
    [InlineData("{\"ledgers\":[null]}")]
    [InlineData("{\"epoch\":\"seven\"}")]
    [InlineData("{\"epoch\":99999999999999999999}")]
    [InlineData("{\"ledgers\":[{\"id\":{}}]}")]
    public void Damaged_journal_record_is_named(string json)
    {
        var failure = Assert.Throws<DaybookException>(() => JournalManifest.Parse("journals/3", System.Text.Encoding.UTF8.GetBytes(json)));
        Assert.Equal(ErrorCode.Corrupted, failure.Code);
        Assert.Contains("'journals/3'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Newer_formats_are_refused_by_name()
    {
        var entry = (byte[])_fixture.Entries[0].Bytes.Clone();
        entry[1] = 3;
        var frame = Assert.Throws<DaybookException>(() => EntryFrame.Open(entry, new LedgerId(1), new EntryId(0)));
        Assert.Equal(ErrorCode.NewerFormat, frame.Code);
        var record = Assert.Throws<DaybookException>(() => JournalManifest.Parse("journals/3", "{\"format\":2}"u8));
        Assert.Equal(ErrorCode.NewerFormat, record.Code);
    }

    /// <summary>One to four bytes changed behind the frame, the frame sealed again.</summary>
    private static byte[] Damaged(byte[] entry, Random random)
    {
        var damaged = (byte[])entry.Clone();
        for (var changes = random.Next(1, 5); changes > 0; changes--)
        {
            byte[] tempting = [0x00, 0x01, 0x7F, 0x80, 0xFF, (byte)random.Next(256)];
            damaged[random.Next(EntryFrame.HeaderBytes, damaged.Length)] = tempting[random.Next(tempting.Length)];
        }
        EntryFrame.Open(entry, default, default).Seal(damaged);
        return damaged;
    }

    /// <summary>Reads an entry in every way that there is.</summary>
    private static async Task DecodeAsync(byte[] bytes, bool isCheckpoint)
    {
        var frame = EntryFrame.Open(bytes, new LedgerId(1), new EntryId(0));
        if (isCheckpoint)
        {
            new RecoveryPointRestore(new PartitionState(1000)).Apply(bytes);
            return;
        }
        var entry = new JournalEntry(new LedgerId(1), 0, frame, bytes);
        new Replay(new PartitionState(1000)).Apply(entry, default);
        foreach (var (kind, place) in Places(bytes))
            await ReadAsync(entry, kind, place);
    }

    private static async Task ReadAsync(JournalEntry entry, RecordKind kind, int place)
    {
        if (kind is RecordKind.Events or RecordKind.Decision or RecordKind.Rejected or RecordKind.Conflict)
            OutcomeRecord.Read(entry, place, default, out _);
        if (kind == RecordKind.Resolved)
            return;
        var reader = new RecordReader(await JournalAsync());
        foreach (var slice in await reader.SlicesAsync(entry, new Location(entry.Ledger, entry.Entry, place), entry.Frame.First, CancellationToken.None))
            _ = slice.Events(default);
    }

    private static List<(RecordKind Kind, int Place)> Places(byte[] bytes)
    {
        var places = new List<(RecordKind, int)>();
        var cursor = new RecordCursor(bytes);
        while (cursor.MoveNext())
            places.Add((cursor.Kind, cursor.Start));
        return places;
    }

    private static async Task<Journal> JournalAsync() =>
        await new JournalTakeover(new MemoryLedgerStore(), new MemoryCoordinator(), new JournalIdentity(default, 1, default)).RunAsync(new Epoch(1), CancellationToken.None);
}
