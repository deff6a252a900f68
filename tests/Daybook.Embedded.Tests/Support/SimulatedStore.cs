using Daybook.Embedded.Store;
using Daybook.Ledgers;
using Daybook.Testing.Faults;

namespace Daybook.Embedded.Tests.Support;

/// <summary>An embedded store on simulated files, in small segments, that can be ended and opened again.</summary>
internal sealed class SimulatedStore(int seed = 1) : IAsyncDisposable
{
    public const string Folder = "ledgers";

    private EmbeddedLedgerStore? _store;

    public SimulatedFileSystem Files { get; } = new(seed);

    public EmbeddedLedgerStoreOptions Options { get; init; } = new() { SegmentBytes = 64 * 1024, MaxEntryBytes = 16 * 1024 };

    public EmbeddedLedgerStore Store => _store ??= EmbeddedLedgerStore.Open(Folder, Options, Files);

    public static string SegmentPath(long number) => Path.Combine(Folder, "segments", $"{number:D10}.log");

    public static byte[] Bytes(long seed, int length = 1000)
    {
        var bytes = new byte[length];
        new Random((int)seed).NextBytes(bytes);
        return bytes;
    }

    public async Task EndAsync()
    {
        if (_store is not null)
            await _store.DisposeAsync();
        _store = null;
    }

    public void Kill()
    {
        Files.Kill();
        _store = null;
    }

    public void Crash()
    {
        Files.Crash();
        _store = null;
    }

    /// <summary>Appends entries one after the other, each acknowledged before the next.</summary>
    public static async Task AppendAsync(ILedgerWriter writer, int count, int length = 1000)
    {
        for (var i = 0; i < count; i++)
            await writer.AppendAsync(Bytes(writer.LastAddConfirmed.Value + 1, length));
    }

    public async Task ExpectEntriesAsync(LedgerId ledger, int count, int length = 1000)
    {
        var reader = await Store.OpenAsync(ledger);
        Assert.Equal(count - 1, reader.LastAddConfirmed.Value);
        var next = 0L;
        await foreach (var entry in reader.ReadAsync(new EntryId(0), new EntryId(count - 1)))
        {
            Assert.Equal(next, entry.Id.Value);
            Assert.True(entry.Data.Span.SequenceEqual(Bytes(next++, length)));
        }
        Assert.Equal(count, next);
    }

    public async ValueTask DisposeAsync()
    {
        Files.Faults.Clear();
        await EndAsync();
    }
}
