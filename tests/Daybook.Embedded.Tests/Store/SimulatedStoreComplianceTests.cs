using Daybook.Embedded.Store;
using Daybook.Embedded.Tests.Support;
using Daybook.Ledgers;
using Daybook.Testing.Compliance;

namespace Daybook.Embedded.Tests.Store;

/// <summary>The suite once more, where a restart is a crash that loses what was not synced.</summary>
public sealed class SimulatedStoreComplianceTests : LedgerStoreCompliance, IAsyncLifetime
{
    private readonly SimulatedStore _store = new(seed: 7)
    {
        Options = new EmbeddedLedgerStoreOptions { SegmentBytes = 1 << 20, MaxEntryBytes = 1 << 18 },
    };


    public static TheoryData<string> Statements => [.. StatementsOf<LedgerStoreCompliance>()];

    [Theory, MemberData(nameof(Statements))]
    public Task Holds(string statement) => RunAsync(statement);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _store.DisposeAsync();

    protected override ValueTask<ILedgerStore> OpenStoreAsync() => ValueTask.FromResult<ILedgerStore>(_store.Store);

    protected override ValueTask<ILedgerStore?> RestartAsync(ILedgerStore store)
    {
        _store.Crash();
        return ValueTask.FromResult<ILedgerStore?>(_store.Store);
    }
}
