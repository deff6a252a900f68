using Daybook.Testing.Faults;

namespace Daybook.Testing.Scenarios;

/// <summary>What goes wrong in one run: a few faults chosen by a seed, then none any more.</summary>
internal sealed class FaultPlan(Random random, FaultyLedgerStore store)
{
    private readonly List<string> _log = [];
    private int _left = 1 + random.Next(4);

    /// <summary>What has gone wrong so far.</summary>
    public string Log => string.Join(", then ", _log);

    /// <summary>Prepares the store for the next attempt.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        if (_left == 0)
            return;
        switch (random.Next(4))
        {
            case 0:
                _left--;
                await FailAsync(cancellationToken);
                break;
            case 1:
                store.HoldAcknowledgements();
                break;
            default:
                store.Hold();
                break;
        }
    }

    /// <summary>Chooses what to do while something is held.</summary>
    public Disturbance Next()
    {
        if (_left == 0)
            return Disturbance.ReleaseAll;
        var next = random.Next(10) switch
        {
            < 4 => Disturbance.ReleaseOne,
            < 7 => Disturbance.Lose,
            7 => Disturbance.Restart,
            8 => Disturbance.Usurp,
            _ => Disturbance.ReleaseAll,
        };
        return Take(next);
    }

    /// <summary>Chooses what happens once the client has its answer.</summary>
    public Disturbance Aftermath() => Take(random.Next(3) switch
    {
        0 => Disturbance.Lose,
        1 => Disturbance.Restart,
        _ => Disturbance.ReleaseAll,
    });

    /// <summary>Loses what is held; some of it may have been written.</summary>
    public void Lose()
    {
        var held = store.HeldCount;
        var kept = random.Next(held + 1);
        _log.Add($"lost {held - kept} of {held} appends");
        store.LoseHeld(kept);
    }

    /// <summary>Lets everything pass, from now on.</summary>
    public void End()
    {
        _left = 0;
        store.StopFailing();
        store.Release();
    }

    private Disturbance Take(Disturbance next)
    {
        if (next is Disturbance.Lose or Disturbance.Restart or Disturbance.Usurp)
            _left = Math.Max(0, _left - 1);
        if (next is Disturbance.Restart or Disturbance.Usurp)
            _log.Add(next == Disturbance.Restart ? "restarted" : "taken over by a second owner");
        return next;
    }

    private async Task FailAsync(CancellationToken cancellationToken)
    {
        var ledgers = new List<LedgerId>();
        await foreach (var ledger in store.ListAsync(cancellationToken))
            ledgers.Add(ledger);
        ledgers.Sort((one, other) => one.Value.CompareTo(other.Value));
        var written = random.Next(2) == 0;
        LedgerId? failing = random.Next(2) == 0 ? null : ledgers[random.Next(ledgers.Count)];
        _log.Add($"failed appends to {(failing is null ? "all ledgers" : $"ledger {failing}")}, {(written ? "the first written all the same" : "not written")}");
        store.FailAppends(failing, written);
    }
}

/// <summary>Something that a fault plan wants done.</summary>
internal enum Disturbance
{
    ReleaseOne,
    ReleaseAll,
    Lose,
    Restart,
    Usurp,
}
