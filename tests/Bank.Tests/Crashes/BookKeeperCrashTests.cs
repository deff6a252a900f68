using Bank.Tests.Running;
using Daybook.Servers.BookKeeper;
using Daybook.Servers.ZooKeeper;
using Xunit.Abstractions;

namespace Bank.Tests.Crashes;

/// <summary>
/// On three bookies, one of which is killed as well while the load runs, before each kill of the bank; it comes back immediately, or only
/// before the next one is killed. Fewer kills than on a folder: each start waits for the lease of the killed bank to expire.
/// </summary>
public sealed class BookKeeperCrashTests(ITestOutputHelper output) : BankCrashes(output)
{
    private static readonly TimeSpan s_lease = TimeSpan.FromSeconds(3);

    private BookieCluster? _cluster;
    private BookieProcess? _dead;

    protected override int ImportKills => 6;

    protected override int TransferKills => 10;

    protected override string[] Storage => ["--bookkeeper", _cluster!.ConnectString];

    protected override async Task PrepareAsync() =>
        _cluster = await BookieCluster.StartAsync(3, new ZooKeeperServerOptions { MaxSessionTimeout = s_lease });

    /// <summary>A lease this short is lost when the machine is busy elsewhere for too long; the program then reports that and ends, and is
    /// run again.</summary>
    private protected override async Task<BankRun> RunAsync(params string[] args)
    {
        var run = await base.RunAsync(args);
        for (var again = 0; again < 3 && run.Error.Contains(" its lease ", StringComparison.Ordinal); again++)
            run = await base.RunAsync(args);
        return run;
    }

    protected override async Task KillOthersAsync()
    {
        if (_dead is not null)
            await _dead.RestartAsync();
        _dead = _cluster!.Bookies[Random.Next(3)];
        await _dead.KillAsync();
        if (Random.Next(2) == 0)
            return;
        await _dead.RestartAsync();
        _dead = null;
    }

    public override async Task DisposeAsync()
    {
        if (_cluster is not null)
            await _cluster.DisposeAsync();
        await base.DisposeAsync();
    }
}
