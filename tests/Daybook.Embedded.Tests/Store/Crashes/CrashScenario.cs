using Daybook.Embedded.Store;
using Daybook.Ledgers;
using Daybook.Testing.Faults;
using static Daybook.Embedded.Tests.Store.Crashes.ModelViolationException;

namespace Daybook.Embedded.Tests.Store.Crashes;

/// <summary>
/// Random work on a store whose machine stops at random operations, its process is killed or it ends cleanly, again and again; after
/// each the store is opened and compared with the model. The seed decides everything.
/// </summary>
internal sealed class CrashScenario(int seed)
{
    private static readonly EmbeddedLedgerStoreOptions Options = new() { SegmentBytes = 64 * 1024, MaxEntryBytes = 16 * 1024 };
    private readonly Random _random = new(seed);
    private readonly SimulatedFileSystem _files = new(seed);
    private readonly List<ModelLedger> _ledgers = [];
    private long _order;
    private EmbeddedLedgerStore _log = null!;
    private ILedgerStore _store = null!;

    public FileFaults Faults => _files.Faults;

    /// <summary>Puts a fault between the scenario and the store.</summary>
    public Func<ILedgerStore, ILedgerStore> Decorate { get; init; } = store => store;

    public async Task RunAsync(int lives, int steps)
    {
        for (var life = 0; life < lives; life++)
        {
            PlanFaults();
            if (!await TryOpenAsync())
                continue;
            try
            {
                for (var step = 0; step < steps; step++)
                    await StepAsync();
            }
            catch (DaybookException stopped) when (stopped.Code == ErrorCode.StoreFailed)
            {
                CountAcknowledged();
            }
            await EndLifeAsync();
        }
        Faults.Clear();
        Require(await TryOpenAsync(), "the store does not open without a fault");
    }

    private void PlanFaults()
    {
        Faults.Clear();
        if (_random.Next(4) > 0)
            Faults.CrashAfter(_random.Next(1, 120));
        if (_random.Next(3) == 0)
            Faults.FailNext(_random.Next(3) == 0 ? FileOperation.Write : FileOperation.Sync, skip: _random.Next(40));
    }

    private async Task<bool> TryOpenAsync()
    {
        try
        {
            _log = EmbeddedLedgerStore.Open("ledgers", Options, _files, startThread: false);
            await ReconcileAsync();
        }
        catch (DaybookException stopped) when (stopped.InnerException is IOException)
        {
            StopMachine();
            return false;
        }
        catch (SimulatedCrashException)
        {
            StopMachine();
            return false;
        }
        _store = Decorate(_log);
        return true;
    }

    private void StopMachine()
    {
        if (_random.Next(2) == 0)
            _files.Crash();
        else
            _files.Kill();
    }

    private async Task EndLifeAsync()
    {
        switch (_random.Next(5))
        {
            case 0:
                _files.Kill();
                break;
            case 1:
                await _log.DisposeAsync();
                CountAcknowledged();
                _files.Crash();
                break;
            default:
                _files.Crash();
                break;
        }
    }

    private Task StepAsync() => _random.Next(20) switch
    {
        0 or 1 => CreateAsync(),
        2 => EndAsync(recover: true),
        3 => EndAsync(recover: false),
        4 => DeleteAsync(),
        5 => Task.FromResult(_log.ReclaimSpace()),
        6 or 7 or 8 or 9 => Pumped(),
        _ => Append(),
    };

    private async Task CreateAsync()
    {
        var creating = _store.CreateAsync().AsTask();
        _order++;
        await Pumped();
        var writer = await creating;
        _ledgers.Add(new ModelLedger(writer.Id) { Writer = writer });
    }

    private Task Append()
    {
        if (Pick(ledger => ledger.Writer is not null) is not { } ledger)
            return Task.CompletedTask;
        var bytes = new byte[_random.Next(3) == 0 ? _random.Next(8000) : _random.Next(200)];
        _random.NextBytes(bytes);
        var append = ledger.Writer!.AppendAsync(bytes);
        if (!append.IsFaulted)
        {
            ledger.Accept(bytes, _order++, append);
            return Task.CompletedTask;
        }
        var refused = (DaybookException)append.Exception!.InnerException!;
        Require(
            refused.Code == ErrorCode.StoreFailed || ledger.End is not null || ledger.Deletion is not null,
            $"an append to open ledger {ledger.Id} is refused: {refused.Message}");
        return refused.Code == ErrorCode.StoreFailed ? append : Task.CompletedTask;
    }

    private async Task EndAsync(bool recover)
    {
        if (Pick(ledger => recover || ledger.Writer is not null) is not { } ledger || ledger.Deletion is not null)
            return;
        var (last, ended) = (ledger.Accepted - 1, ledger.End);
        var ending = recover ? _store.RecoverAsync(ledger.Id).AsTask() : ledger.Writer!.CloseAsync().AsTask();
        ledger.End ??= (_order, last, false);
        _order++;
        await Pumped();
        await ending;
        Require(ended is null || ended.Value.Last == ledger.End.Value.Last, $"ledger {ledger.Id} was ended twice, at different entries");
        ledger.End = ledger.End.Value with { Acknowledged = true };
        CountAcknowledged();
    }

    private async Task DeleteAsync()
    {
        if (_ledgers.Count < 4 || Pick(_ => true) is not { } ledger)
            return;
        var deleting = _store.DeleteAsync(ledger.Id).AsTask();
        ledger.Deletion ??= (_order++, false);
        await Pumped();
        await deleting;
        ledger.Deletion = ledger.Deletion.Value with { Acknowledged = true };
    }

    private Task Pumped()
    {
        _log.Pump();
        CountAcknowledged();
        return Task.CompletedTask;
    }

    private ModelLedger? Pick(Func<ModelLedger, bool> suits)
    {
        var suitable = _ledgers.Where(suits).ToList();
        return suitable.Count == 0 ? null : suitable[_random.Next(suitable.Count)];
    }

    private void CountAcknowledged() => _ledgers.ForEach(ledger => ledger.CountAcknowledged());

    private async Task ReconcileAsync()
    {
        var (survived, lost) = (-1L, long.MaxValue);
        var listed = await _log.ListAsync().ToHashSetAsync();
        foreach (var ledger in _ledgers.ToList())
        {
            if (!listed.Contains(ledger.Id))
            {
                Require(ledger.Deletion is not null, $"S1: ledger {ledger.Id} is gone without a deletion");
                survived = Math.Max(survived, ledger.Deletion!.Value.Order);
                _ledgers.Remove(ledger);
                continue;
            }
            Require(ledger.Deletion is not { Acknowledged: true }, $"L22: ledger {ledger.Id} was deleted and is back");
            lost = Math.Min(lost, ledger.Deletion?.Order ?? long.MaxValue);
            ledger.Deletion = null;
            var found = await ledger.ReconcileAsync(await _log.OpenAsync(ledger.Id));
            (survived, lost) = (Math.Max(survived, found.Survived), Math.Min(lost, found.Lost));
        }
        Require(survived < lost, $"order across ledgers: number {survived} survived though number {lost}, accepted earlier, did not");
    }
}
