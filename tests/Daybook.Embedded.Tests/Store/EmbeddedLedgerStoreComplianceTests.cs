using Daybook.Embedded.Store;
using Daybook.Ledgers;
using Daybook.Testing.Compliance;

namespace Daybook.Embedded.Tests.Store;

public sealed class EmbeddedLedgerStoreComplianceTests : LedgerStoreCompliance, IAsyncLifetime, IDisposable
{
    private static readonly EmbeddedLedgerStoreOptions SmallSegments = new() { SegmentBytes = 1 << 20, MaxEntryBytes = 1 << 18 };
    private readonly TemporaryFolder _folder = new();
    private EmbeddedLedgerStore? _store;

    public static TheoryData<string> Statements => [.. StatementsOf<LedgerStoreCompliance>()];

    [Theory, MemberData(nameof(Statements))]
    public Task Holds(string statement) => RunAsync(statement);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_store is not null)
            await _store.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    protected override async ValueTask<ILedgerStore> OpenStoreAsync() =>
        _store = await EmbeddedLedgerStore.OpenAsync(_folder["ledgers"], SmallSegments);

    protected override async ValueTask<ILedgerStore?> RestartAsync(ILedgerStore store)
    {
        await _store!.DisposeAsync();
        return await OpenStoreAsync();
    }
}
