using Daybook.BookKeeper;
using Daybook.BookKeeper.Store;
using Daybook.Cluster.Tests.Support;
using Daybook.Ledgers;
using Daybook.Servers.Debian;
using Daybook.Testing.Compliance;
using Daybook.ZooKeeper;

namespace Daybook.Cluster.Tests.Store;

/// <summary>The suite of the embedded store, on bookies. A restart is a new client; the bookies go on.</summary>
[Collection(ThreeBookiesCollection.Name)]
public class BookKeeperStoreComplianceTests(ThreeBookies shared) : LedgerStoreCompliance, IAsyncLifetime
{
    private readonly BookKeeperStoreOptions _options = new() { Book = Guid.NewGuid().ToString() };
    private readonly List<IAsyncDisposable> _opened = [];
    private string _zooKeeper = "";

    public static TheoryData<string> Statements => [.. StatementsOf<LedgerStoreCompliance>()];

    protected virtual BookieProtocol Protocol => BookieProtocol.V3;

    [SkippableTheory(typeof(MissingToolException)), MemberData(nameof(Statements))]
    public async Task Holds(string statement)
    {
        _zooKeeper = (await shared.StartedAsync()).ConnectString;
        await RunAsync(statement);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var opened in _opened)
            await opened.DisposeAsync();
    }

    protected override async ValueTask<ILedgerStore> OpenStoreAsync()
    {
        var client = new BookKeeperOptions(new ZooKeeperOptions(_zooKeeper)) { Protocol = Protocol };
        var store = await BookKeeperLedgerStore.OpenAsync(client, _options);
        _opened.Add(store);
        return store;
    }

    protected override async ValueTask<ILedgerStore?> RestartAsync(ILedgerStore store)
    {
        await ((BookKeeperLedgerStore)store).DisposeAsync();
        return await OpenStoreAsync();
    }
}

/// <summary>The same over protocol 2.</summary>
public sealed class BookKeeperStoreV2ComplianceTests(ThreeBookies shared) : BookKeeperStoreComplianceTests(shared)
{
    protected override BookieProtocol Protocol => BookieProtocol.V2;
}
