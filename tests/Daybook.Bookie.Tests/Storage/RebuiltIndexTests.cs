using Daybook.BookKeeper.Wire;
using Daybook.Bookie.Storage;
using Daybook.Bookie.Tests.Probes;
using Daybook.Testing.Faults;

namespace Daybook.Bookie.Tests.Storage;

public sealed class RebuiltIndexTests
{
    private const int Segment = 1024 * 1024;
    private static readonly BlockLogOptions s_smallLogs = new() { LogBytes = 150_000, CacheBytes = 100_000 };

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public async Task S4_what_is_rebuilt_is_what_there_was(int seed)
    {
        var files = new SimulatedFileSystem(seed);
        var random = new Random(seed);
        var before = "";
        for (var life = 0; life < 4; life++)
        {
            await using var bookie = await TestBookie.StartAsync(files, s_smallLogs, segmentBytes: Segment);
            Assert.Equal(before, life == 0 ? "" : Describe(bookie));
            await AtRandomAsync(bookie, random);
            before = Describe(bookie);
            using var reader = await bookie.ConnectAsync();
            foreach (var ledger in bookie.Service.Table.Ledgers)
                foreach (var (entry, _) in ledger.Entries.All().ToList())
                {
                    var read = (await reader.ReadAsync(ledger.Id.Value, entry.Value)).Read!.Value;
                    Assert.Equal(BookieStatus.Ok, read.Status);
                    Assert.Equal((ledger.Id, entry), (BookKeeper.Digests.EntryHeader.Read(read.Body.Span).Ledger, BookKeeper.Digests.EntryHeader.Read(read.Body.Span).Entry));
                }
        }
    }

    [Fact]
    public async Task Space_of_deleted_ledgers_is_given_back_and_live_entries_are_moved()
    {
        var files = new SimulatedFileSystem();
        await using (var bookie = await TestBookie.StartAsync(files, s_smallLogs, segmentBytes: Segment))
        {
            using var client = await bookie.ConnectAsync();
            // Recorded once, in the first log, which will be deleted: the snapshots of later logs must repeat it.
            Assert.Equal(BookieStatus.Ok, (await client.WriteLacAsync(3, 77)).Status);
            await client.FenceAsync(4);
            for (var entry = 0; entry < 400; entry++)
                Assert.Equal(BookieStatus.Ok, (await client.AddAsync(entry % 10 == 0 ? 1 : 2, entry, payload: new byte[3000])).Status);
            await client.FenceAsync(1);
            var logs = bookie.Service.Table.Logs.Count;
            Assert.True(logs > 5, $"{logs} logs");

            bookie.Service.Run(() => bookie.Service.Delete(bookie.Service.Table.Find(new LedgerId(2))!));
            await bookie.Service.Space.ReclaimAsync(CancellationToken.None);

            Assert.InRange(bookie.Service.Table.Logs.Count, 1, 3);
            Assert.DoesNotContain(new LedgerId(1), bookie.Service.Table.Logs.Keys);
            Assert.Equal(BookieStatus.NoLedger, (await client.ReadAsync(2, 1)).Status);
            for (var entry = 0; entry < 400; entry += 10)
                Assert.Equal(BookieStatus.Ok, (await client.ReadAsync(1, entry)).Status);
        }
        await using var again = await TestBookie.StartAsync(files, s_smallLogs, segmentBytes: Segment);
        using var reader = await again.ConnectAsync();
        Assert.Equal(BookieStatus.NoLedger, (await reader.ReadAsync(2, 1)).Status);
        for (var entry = 0; entry < 400; entry += 10)
            Assert.Equal(BookieStatus.Ok, (await reader.ReadAsync(1, entry)).Status);
        Assert.Equal(BookieStatus.Fenced, (await reader.AddAsync(1, 400)).Status);
        Assert.Equal(BookieStatus.Fenced, (await reader.AddAsync(4, 0)).Status);
        var lac = (await reader.ReadLacAsync(3)).Other!.ReadLacResponse.LacBody;
        Assert.Equal(77, System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(lac.Span[8..]));
        Assert.Equal(BookieStatus.Ok, (await reader.AddAsync(2, 0)).Status);
        Assert.Equal(BookieStatus.NoEntry, (await reader.ReadAsync(2, 1)).Status);
    }

    [Fact]
    public void Entries_of_a_deleted_ledger_do_not_come_back_with_a_new_one_of_its_id()
    {
        var table = new LedgerTable();
        void Apply(RecordKind kind, uint generation, long ledger, long entry = 0, byte[]? payload = null) => table.Apply(
            new RecordHeader(kind, generation, payload?.Length ?? 0, new LedgerId(ledger), new EntryId(entry)), payload, default, block: 0);
        Apply(RecordKind.Ledger, 1, 7, payload: RawClient.Key);
        Apply(RecordKind.Entry, 1, 7, 0, new byte[40]);
        Apply(RecordKind.Deletion, 1, 7);
        Assert.Equal((2u, null), (table.Generation, table.Find(new LedgerId(7))));

        // A start after the log with the deletion is gone: first the old entries, then a snapshot with the new ledger.
        table = new LedgerTable();
        Apply(RecordKind.Entry, 1, 7, 0, new byte[40]);
        Apply(RecordKind.Entry, 1, 8, 0, new byte[40]);
        Apply(RecordKind.SnapshotBegin, 2, 0);
        Apply(RecordKind.Ledger, 2, 7, payload: RawClient.Key);
        Apply(RecordKind.SnapshotEnd, 2, 0);
        Apply(RecordKind.Entry, 2, 7, 1, new byte[40]);

        Assert.Equal([new EntryId(1)], table.Find(new LedgerId(7))!.Entries.All().Select(entry => entry.Entry));
        Assert.Null(table.Find(new LedgerId(8)));
    }

    private static async Task AtRandomAsync(TestBookie bookie, Random random)
    {
        using var client = await bookie.ConnectAsync();
        for (var step = 0; step < 250; step++)
        {
            long ledger = random.Next(6);
            switch (random.Next(12))
            {
                case 0:
                    await client.FenceAsync(ledger);
                    break;
                case 1:
                    await client.WriteLacAsync(ledger, random.Next(1000));
                    break;
                case 2 when bookie.Service.Table.Find(new LedgerId(ledger)) is { } held:
                    bookie.Service.Run(() => bookie.Service.Delete(held));
                    break;
                case 3 when step % 5 == 0:
                    await bookie.Service.Space.ReclaimAsync(CancellationToken.None);
                    break;
                default:
                    await client.AddAsync(ledger, random.Next(300), random.Next(300), random.Next(2) == 0 ? AddOptions.Recovery : AddOptions.None, new byte[random.Next(6000)]);
                    break;
            }
        }
        await client.ForceAsync(1);
    }

    private static string Describe(TestBookie bookie) => string.Join('\n', bookie.Service.Table.Ledgers.OrderBy(ledger => ledger.Id.Value).Select(ledger =>
        $"{ledger.Id} {ledger.Generation} {Convert.ToHexString(ledger.Key!)} {ledger.IsFenced} {Convert.ToHexString(ledger.ExplicitLac ?? [])} "
        + string.Join(',', ledger.Entries.All().Select(entry => $"{entry.Entry}:{entry.Location.Length}"))));
}
