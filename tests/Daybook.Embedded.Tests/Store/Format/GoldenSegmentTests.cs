using System.Text;
using Daybook.Embedded.Store;
using Daybook.Embedded.Store.Format;
using Daybook.Embedded.Store.Log;

namespace Daybook.Embedded.Tests.Store.Format;

public sealed class GoldenSegmentTests
{
    private static readonly SegmentIdentity Identity = new(new Guid("00112233-4455-6677-8899-aabbccddeeff"), 1);
    private readonly GroupBuffer _group = new();

    [Fact]
    public void Segment_is_written_byte_for_byte_as_documented()
    {
        _group.AddSegmentHeader(Identity);
        var durable = Add(RecordKind.Catalogue, 0, -1, new LedgerCatalogue().ToBytes(), 0).End;
        Add(RecordKind.Created, 1, -1, [], durable);
        var debit = Add(RecordKind.Entry, 1, 0, "debit 10"u8.ToArray(), durable);
        Add(RecordKind.Created, 2, -1, [], durable);
        durable = Add(RecordKind.Entry, 2, 0, [], durable).End;
        var credit = Add(RecordKind.Entry, 1, 1, "credit 10!"u8.ToArray(), durable);
        Add(RecordKind.Fenced, 1, -1, [], durable);
        Add(RecordKind.Closed, 1, 1, [], durable);
        Add(RecordKind.Deleted, 2, -1, [], durable);
        Add(RecordKind.Created, 3, -1, [], durable);
        var other = Add(RecordKind.Entry, 3, 0, "xxxxxxxxx"u8.ToArray(), durable);
        durable = Add(RecordKind.Mark, 0, -1, [], durable).End;
        var footer = SegmentFooter.ToBytes(
            [
                (new FooterExtent(1, 0, 2, 0, 104), [debit, credit]),
                (new FooterExtent(3, 0, 1, 0, 56), [other]),
            ],
            _group.Length);
        Add(RecordKind.Footer, 0, -1, footer, durable);
        var written = _group.Buffers.SelectMany(buffer => buffer.ToArray()).ToArray();
        Assert.Equal(Convert.ToHexString(Golden()), Convert.ToHexString(written));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Store_of_version_1_is_read(bool isSealed)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["segments"]);
        await File.WriteAllTextAsync(folder["FORMAT"], $"daybook-ledgers 1 {Identity.Store:D}\n");
        var golden = Golden();
        var footer = (int)SegmentFooter.FindFooter(golden.AsSpan(^SegmentFooter.TrailerSize))!.Value;
        await File.WriteAllBytesAsync(folder["segments/0000000001.log"], isSealed ? golden : golden[..footer]);
        if (isSealed)
            await File.WriteAllBytesAsync(folder["segments/0000000002.log"], new byte[1000]);
        await using var store = await EmbeddedLedgerStore.OpenAsync(folder.Path);
        Assert.Equal([1, 3], (await store.ListAsync().ToListAsync()).Select(ledger => ledger.Value).Order());
        var closed = await store.OpenAsync(new LedgerId(1));
        Assert.True(closed.IsClosed);
        Assert.Equal("debit 10", Encoding.ASCII.GetString((await closed.ReadAsync(new EntryId(0))).Data.Span));
        Assert.Equal("credit 10!", Encoding.ASCII.GetString((await closed.ReadAsync(new EntryId(1))).Data.Span));
        var open = await store.OpenAsync(new LedgerId(3));
        Assert.False(open.IsClosed);
        Assert.Equal(0, open.LastAddConfirmed.Value);
        await using var next = await store.CreateAsync();
        Assert.Equal(4, next.Id.Value);
    }

    private static byte[] Golden()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Store", "Format", "segment-v1.txt");
        return Convert.FromHexString(string.Concat(File.ReadLines(path).Select(
            line => line[8..].Split(';')[0].Replace(" ", "", StringComparison.Ordinal))));
    }

    private EntryPosition Add(RecordKind kind, long ledger, long entry, byte[] payload, long durableTo)
    {
        var position = new EntryPosition((uint)_group.Length, payload.Length);
        var header = new RecordHeader(kind, ledger, entry, payload.Length, Crc32C.Compute(payload), (uint)durableTo);
        _group.AddRecord(header, payload, Identity, position.Offset);
        return position;
    }
}
