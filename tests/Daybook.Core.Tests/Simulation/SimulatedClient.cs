namespace Daybook.Core.Tests.Simulation;

/// <summary>
/// A client that does one thing at a time. What it does not know the end of it asks again under the same id, or gives up on and leaves open
/// in the history.
/// </summary>
internal sealed class SimulatedClient(Simulation simulation, Func<Intent> next)
{
    private readonly List<ClientAttempt> _attempts = [];
    private Intent? _intent;
    private bool _isInDoubt;

    /// <summary>How much it will still begin.</summary>
    public int Left { get; set; }

    /// <summary>True for one that retries without a limit.</summary>
    public bool Persists { get; init; }

    public bool IsDone => Left == 0 && _intent is null;

    public bool IsWaiting => _intent is not null && !_attempts.TrueForAll(attempt => attempt.IsAnswered);

    /// <summary>Begins something, or sees to the answer.</summary>
    public void Step()
    {
        if (IsDone)
            return;
        if (_intent is null)
            Begin();
        else if (!IsWaiting)
            Conclude(_intent);
        else if (_attempts.Count < 3 && simulation.Random.Next(30) == 0)
            Send(_intent);
    }

    private void Begin()
    {
        Left--;
        _isInDoubt = false;
        _intent = next();
        Send(_intent);
    }

    private void Send(Intent intent)
    {
        var attempt = intent.Try(simulation.Model);
        if (attempt is ReadAttempt && _attempts.Count > 0)
            return;
        _attempts.Add(attempt);
        simulation.Request(intent.Coordinator, attempt);
    }

    private void Conclude(Intent intent)
    {
        if (_attempts is [ReadAttempt read])
        {
            var isRead = read.TryGet(out var state);
            End(isRead ? () => intent.Answered(true, [state]) : intent.Failed);
            return;
        }
        var outcomes = _attempts.ConvertAll(attempt => ((CommandAttempt)attempt).Outcome);
        if (outcomes.Find(outcome => outcome is Outcome.Accepted or Outcome.Rejected) is { } known)
        {
            CheckSame(outcomes, known);
            End(() => intent.Answered(known is Outcome.Accepted, simulation.Seen(intent)));
            return;
        }
        _isInDoubt |= outcomes.Exists(outcome => outcome is not null);
        _attempts.Clear();
        if (Persists || simulation.Random.Next(4) > 0)
            Send(intent);
        else
            End(_isInDoubt ? () => simulation.Count.InDoubt++ : intent.Failed);
    }

    private void CheckSame(List<Outcome?> outcomes, Outcome known)
    {
        if (outcomes.Exists(other => other is Outcome.Accepted or Outcome.Rejected && other != known))
            simulation.Broken($"command {known.CommandId} has several outcomes: {string.Join(" and ", outcomes)}");
    }

    private void End(Action how)
    {
        how();
        (_intent, _isInDoubt) = (null, false);
        _attempts.Clear();
    }
}
