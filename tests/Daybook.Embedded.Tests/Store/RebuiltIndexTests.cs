using System.Security.Cryptography;
using Daybook.Embedded.Store;
using Daybook.Embedded.Tests.Support;
using Daybook.Ledgers;
using Daybook.Testing.Faults;

namespace Daybook.Embedded.Tests.Store;

/// <summary>What a store knows without its memory, and what its files may claim about themselves (invariant S4).</summary>
public sealed class RebuiltIndexTests
{
    private const string Folder = "ledgers";
    private static readonly EmbeddedLedgerStoreOptions s_options = new() { SegmentBytes = 64 * 1024, MaxEntryBytes = 16 * 1024 };
    private readonly SimulatedFileSystem _files = new(4);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task S4_index_rebuilt_from_the_log_equals_the_one_before_the_crash(bool killed)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var files = new SimulatedFileSystem(seed);
            var store = EmbeddedLedgerStore.Open(Folder, s_options, files);
            await WorkAsync(store, new Random(seed));
            var before = await DescribeAsync(store);
            if (killed)
                files.Kill();
            else
                files.Crash();
            var rebuilt = EmbeddedLedgerStore.Open(Folder, s_options, files);
            Assert.Equal(before, await DescribeAsync(rebuilt));
            Assert.InRange(before.Count, 5, int.MaxValue);
            await WorkAsync(rebuilt, new Random(-seed));
            await rebuilt.DisposeAsync();
        }
    }

    [Fact]
    public async Task S4_no_record_claims_more_than_was_flushed_and_no_file_is_used_before_its_name_is_durable()
    {
        var witness = new FlushWitness(_files);
        for (var life = 0; life < 12; life++)
        {
            var store = EmbeddedLedgerStore.Open(Folder, s_options, witness);
            await WorkAsync(store, new Random(life));
            while (store.ReclaimSpace())
                continue;
            if (life % 3 == 0)
                await store.DisposeAsync();
            else if (life % 3 == 1)
                _files.Kill();
            else
                _files.Crash();
        }
        Assert.Empty(witness.Violations);
        Assert.InRange(witness.Seen.Claims, 1_000, witness.Seen.Records);
    }

    /// <summary>Fills some segments from several ledgers, closes, recovers and deletes some; everything is acknowledged at the end.</summary>
    private static async Task WorkAsync(EmbeddedLedgerStore store, Random random)
    {
        var writers = new List<ILedgerWriter>();
        for (var i = 0; i < 8; i++)
            writers.Add(await store.CreateAsync());
        for (var i = 0; i < 300; i++)
            await writers[random.Next(writers.Count)].AppendAsync(SimulatedStore.Bytes(i, random.Next(2000)));
        await writers[0].CloseAsync();
        await store.RecoverAsync(writers[1].Id);
        await store.DeleteAsync(writers[2].Id);
        await writers[3].AppendAsync(SimulatedStore.Bytes(1));
    }

    /// <summary>All that a reader can learn: which ledgers there are, where they end, and what each entry is.</summary>
    private static async Task<List<string>> DescribeAsync(EmbeddedLedgerStore store)
    {
        var ledgers = new List<string>();
        foreach (var id in await store.ListAsync().OrderBy(id => id.Value).ToListAsync())
        {
            var reader = await store.OpenAsync(id);
            var entries = new List<string>();
            for (var entry = 0L; entry <= reader.LastAddConfirmed.Value; entry++)
                entries.Add(Convert.ToHexString(SHA256.HashData((await reader.ReadAsync(new EntryId(entry))).Data.Span)));
            ledgers.Add($"{id} {reader.LastAddConfirmed} {reader.IsClosed} {string.Join(' ', entries)}");
        }
        return ledgers;
    }
}
