using Daybook.Memory;
using Daybook.Testing.Faults;

namespace Daybook.Testing.Scenarios;

/// <summary>One run of a scenario under the faults of one seed.</summary>
internal sealed class FaultyRun : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private readonly int _seed;
    private readonly string _setting;
    private readonly FaultyLedgerStore _store;
    private readonly MemoryCoordinator _coordinator = new();
    private readonly int _partitions;
    private readonly ScenarioBook _run;
    private readonly FaultPlan _plan;
    private readonly CommandId _id;
    private string _lastNews = "the events given were not written";

    public FaultyRun(ScenarioScript script, DaybookBuilder builder, int seed)
    {
        var random = new Random(seed);
        _seed = seed;
        _id = new CommandId(new Guid(seed, 0, 0, [0xDA, 0x7E, 0, 0, 0, 0, 0, 0]));
        _partitions = 1 + random.Next(8);
        var ordered = random.Next(2) == 0;
        var snapshots = random.Next(3);
        _setting = $"{_partitions} partitions, {(ordered ? "an ordered" : "an unordered")} store, a snapshot every {snapshots} events";
        _store = new FaultyLedgerStore(new MemoryLedgerStore(ordered));
        var checking = builder.CheckFolds().Configure(o => (o.Partitions, o.SnapshotEvery) = (_partitions, snapshots));
        _run = new ScenarioBook(script, checking, _store, _coordinator);
        _plan = new FaultPlan(random, _store);
    }

    /// <exception cref="ScenarioException">It did not end as expected; the message names the seed and the faults.</exception>
    public async Task RunAsync()
    {
        using var patience = new CancellationTokenSource(s_patience);
        try
        {
            await _run.ArrangeAsync(patience.Token);
            await RunAsync(patience.Token);
        }
        catch (OperationCanceledException e) when (patience.IsCancellationRequested)
        {
            throw Failed($"Nothing was settled within {s_patience.TotalSeconds} s; {_lastNews}. {Owners()}", e);
        }
        catch (Exception e) when (e is DaybookException or ScenarioException)
        {
            throw Failed(e.Message, e);
        }
        finally
        {
            _plan.End();
        }
    }

    public ValueTask DisposeAsync() => _run.DisposeAsync();

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        var outcome = await SendUntilKnownAsync(cancellationToken);
        await DisturbAsync(_plan.Aftermath(), cancellationToken);
        _plan.End();
        await CheckWhenOwnedAsync(outcome, cancellationToken);
        await RestartAsync(cancellationToken);
        await CheckWhenOwnedAsync(outcome, cancellationToken);
    }

    private async Task<Outcome> SendUntilKnownAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await _plan.BeginAsync(cancellationToken);
            var sending = TrySendAsync(cancellationToken);
            await DisturbWhileAsync(sending, cancellationToken);
            if (await sending is { } outcome and not Outcome.InDoubt)
                return outcome;
            _store.StopFailing();
        }
    }

    /// <returns>The outcome; null when the command was not carried out for a reason that passes.</returns>
    private async Task<Outcome?> TrySendAsync(CancellationToken cancellationToken)
    {
        _lastNews = "the command that was sent last has no answer";
        try
        {
            return await _run.Script.When.SendAsync(_run.Book, _id, cancellationToken).AsTask().WaitAsync(cancellationToken);
        }
        catch (DaybookException e) when (Passes(e))
        {
            _lastNews = $"the command that was sent last was refused: {e.Message}";
            await Task.Delay(1, cancellationToken);
            return null;
        }
    }

    private async Task DisturbWhileAsync(Task sending, CancellationToken cancellationToken)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        while (!sending.IsCompleted)
        {
            await Task.WhenAny(sending, _store.WhenHeldAsync(1, enough.Token));
            if (!sending.IsCompleted && _store.HeldCount > 0)
                await DisturbAsync(_plan.Next(), cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
        }
        await enough.CancelAsync();
    }

    private async Task DisturbAsync(Disturbance disturbance, CancellationToken cancellationToken)
    {
        switch (disturbance)
        {
            case Disturbance.ReleaseOne:
                _store.ReleaseNext();
                break;
            case Disturbance.Lose:
                _plan.Lose();
                break;
            case Disturbance.Restart:
                _plan.Lose();
                await RestartAsync(cancellationToken);
                break;
            case Disturbance.Usurp:
                await UsurpAsync(cancellationToken);
                break;
            default:
                _store.Release();
                break;
        }
    }

    private async Task RestartAsync(CancellationToken cancellationToken)
    {
        await _run.Book.DisposeAsync();
        _run.Use(await OpenAsync(cancellationToken));
    }

    /// <summary>A second owner takes every partition over while the first, which was not notified, still believes in its lease.</summary>
    private async Task UsurpAsync(CancellationToken cancellationToken)
    {
        var first = _run.Book;
        for (var i = 0; i < _partitions; i++)
            _coordinator.Expire($"partitions/{i}", tellHolder: false);
        _run.Use(await OpenAsync(cancellationToken));
        _store.Release();
        await first.DisposeAsync();
    }

    /// <summary>Partitions that lost their owner may not have one again yet.</summary>
    private async Task CheckWhenOwnedAsync(Outcome outcome, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await CheckAsync(outcome, cancellationToken);
                return;
            }
            catch (DaybookException e) when (Passes(e))
            {
                await Task.Delay(1, cancellationToken);
            }
        }
    }

    /// <summary>Whether an error comes of the faults and not of the command.</summary>
    private static bool Passes(DaybookException e) =>
        e.Code is not (ErrorCode.InvalidArgument or ErrorCode.UnknownType or ErrorCode.TooLarge or ErrorCode.HandlerFailed or ErrorCode.Corrupted);

    /// <summary>Opens the book again; an owner that does not know yet that it was replaced may get in the way a few times.</summary>
    private async Task<Book> OpenAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await _run.OpenAsync(cancellationToken);
            }
            catch (DaybookException e) when (Passes(e))
            {
                await Task.Delay(1, cancellationToken);
            }
        }
    }

    /// <summary>The result is the expected one, once, and a repeated query gets the same.</summary>
    private async Task CheckAsync(Outcome outcome, CancellationToken cancellationToken)
    {
        Same(outcome, await SendUntilKnownAsync(cancellationToken), "sent again");
        Same(outcome, await _run.Book.OutcomeOfAsync(_id, cancellationToken), "asked for its outcome");
        await PeacefulRun.CheckAsync(_run, outcome, cancellationToken);
    }

    private static void Same(Outcome first, Outcome? later, string how)
    {
        if (!first.Equals(later))
            throw new ScenarioException($"The command ended with {first}; when it was {how}, the book answered {later?.ToString() ?? "that it does not know the command"}.");
    }

    private string Owners()
    {
        var orphans = _run.Book?.Partitions.Where(p => !p.IsOwned).Select(p => $"partition {p.Partition} has no owner: {p.Error}") ?? [];
        return string.Join(' ', orphans.DefaultIfEmpty("All partitions are owned."));
    }

    private ScenarioException Failed(string what, Exception cause) =>
        new($"Under the faults of seed {_seed} ({_setting}): {_plan.Log}.\n{what}", cause);
}
