using Daybook.Ledgers;

namespace Daybook.Testing.Compliance;

/// <summary>What every <see cref="ILedgerStore"/> must keep.</summary>
public abstract partial class LedgerStoreCompliance : ComplianceSuite
{
    /// <summary>Opens a store; the first call in a test gives an empty one. The suite does not dispose of it.</summary>
    protected abstract ValueTask<ILedgerStore> OpenStoreAsync();

    /// <summary>Ends the store as if its process were killed, and opens what is left; null when the provider's data end with the object.</summary>
    /// <param name="store">The store as it was opened.</param>
    protected virtual ValueTask<ILedgerStore?> RestartAsync(ILedgerStore store) => ValueTask.FromResult<ILedgerStore?>(null);

    private static byte[] Bytes(long seed, int length = 100)
    {
        var bytes = new byte[length];
        new Random((int)seed).NextBytes(bytes);
        return bytes;
    }

    private static async Task AppendAsync(ILedgerWriter writer, int count)
    {
        var first = writer.LastAddConfirmed.Value + 1;
        for (var i = first; i < first + count; i++)
            Expect.Equal(new EntryId(i), await Expect.SoonAsync(writer.AppendAsync(Bytes(i))));
    }

    private static async Task ExpectEntriesAsync(ILedgerReader reader, long count)
    {
        Expect.Equal(new EntryId(count - 1), reader.LastAddConfirmed);
        var next = new EntryId(0);
        await foreach (var entry in reader.ReadAsync(new EntryId(0), new EntryId(count - 1)))
        {
            Expect.Equal(next, entry.Id);
            Expect.Bytes(Bytes(next.Value), entry.Data);
            next = next.Next;
        }
        Expect.Equal(count, next.Value);
    }
}
