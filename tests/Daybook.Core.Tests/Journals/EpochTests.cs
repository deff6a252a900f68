using System.Text.Json;
using Daybook.Coordination;
using Daybook.Core.Tests.Engine;
using Daybook.Memory;

namespace Daybook.Core.Tests.Journals;

/// <summary>No epoch is given twice, whatever is put back from an older copy.</summary>
public sealed class EpochTests
{
    private readonly MemoryLedgerStore _ledgers = new();

    [Fact]
    public async Task F3_records_put_back_from_before_an_owner_that_wrote_nothing_are_refused()
    {
        var records = new MemoryCoordinator();
        await OpenAndCloseAsync(records, write: true);
        var older = await CopyAsync(records);
        var epoch = await OpenAndCloseAsync(records, write: false);
        var refused = await Assert.ThrowsAsync<DaybookException>(() => OpenAndCloseAsync(older, write: false));
        Assert.Equal(ErrorCode.Corrupted, refused.Code);
        Assert.Contains($"epoch {epoch}", refused.Message, StringComparison.Ordinal);
        Assert.True(await OpenAndCloseAsync(records, write: true) > epoch);
    }

    [Fact]
    public async Task F3_counter_of_leases_put_back_alone_gives_no_epoch_twice()
    {
        var records = new ForgetfulLeases(new MemoryCoordinator());
        var epochs = new List<long>();
        for (var opening = 0; opening < 4; opening++)
            epochs.Add(await OpenAndCloseAsync(records, write: opening % 2 == 0));
        Assert.Equal(epochs.Distinct().Order(), epochs);
    }

    /// <returns>The epoch of the owner.</returns>
    private async Task<long> OpenAndCloseAsync(ICoordinator records, bool write)
    {
        await using (var book = await Books.OpenAsync(_ledgers, records, o => o.Partitions = 1))
        {
            if (write)
                await book.Send(new Open("a", 1));
        }
        var manifest = (await records.ReadAsync("journals/0"))!;
        return JsonDocument.Parse(manifest.Value).RootElement.GetProperty("epoch").GetInt64();
    }

    private static async Task<MemoryCoordinator> CopyAsync(MemoryCoordinator records)
    {
        var copy = new MemoryCoordinator();
        foreach (var key in new[] { "journals/0", "book/id", "book/partitions" })
            await copy.CreateAsync(key, (await records.ReadAsync(key))!.Value);
        return copy;
    }

    /// <summary>A coordinator whose leases begin again with the first epoch each time.</summary>
    private sealed class ForgetfulLeases(ICoordinator inner) : ICoordinator
    {
        public ValueTask<CoordinationRecord?> ReadAsync(string key, CancellationToken cancellationToken = default) => inner.ReadAsync(key, cancellationToken);

        public ValueTask<CoordinationRecord> CreateAsync(string key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken = default) =>
            inner.CreateAsync(key, value, cancellationToken);

        public ValueTask<CoordinationRecord> UpdateAsync(string key, ReadOnlyMemory<byte> value, long expectedVersion, CancellationToken cancellationToken = default) =>
            inner.UpdateAsync(key, value, expectedVersion, cancellationToken);

        public ValueTask DeleteAsync(string key, long expectedVersion, CancellationToken cancellationToken = default) => inner.DeleteAsync(key, expectedVersion, cancellationToken);

        public ValueTask<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellationToken = default) => inner.ListAsync(prefix, cancellationToken);

        public ValueTask<ILease> AcquireAsync(string name, CancellationToken cancellationToken = default) => new MemoryCoordinator().AcquireAsync(name, cancellationToken);
    }
}
