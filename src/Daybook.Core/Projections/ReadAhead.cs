namespace Daybook.Projections;

/// <summary>A decoded run of the feed, and the head as it was before it was asked for.</summary>
internal sealed record DecodedBatch(JournalOffset Next, JournalOffset Head, List<ProjectedEvent> Events)
{
    internal static readonly DecodedBatch Nothing = new(default, default, []);

    /// <summary>The first event that could not be decoded; null when all could.</summary>
    internal PoisonEventException? Poison { get; init; }

    /// <summary>The events that an operator had skipped.</summary>
    internal List<RecordedEvent> Skipped { get; } = [];
}

/// <summary>
/// The batch after the one that is being applied, read and decoded meanwhile. It is only ever read of records that are there, so it
/// ends by itself; a runner that continues from another offset discards it.
/// </summary>
internal sealed class ReadAhead
{
    private Task<DecodedBatch>? _reading;
    private JournalOffset _from;

    internal void Start(JournalOffset from, Task<DecodedBatch> reading)
    {
        Drop();
        (_from, _reading) = (from, reading);
    }

    /// <summary>The batch that starts at an offset, if it is the one being read; null otherwise, and then none is any more.</summary>
    internal Task<DecodedBatch>? Take(JournalOffset from)
    {
        var reading = _reading;
        if (reading is null || _from != from)
        {
            Drop();
            return null;
        }
        _reading = null;
        return reading;
    }

    /// <summary>Waits until nothing is read any more, however that ends.</summary>
    internal async Task EndAsync()
    {
        if (_reading is { } reading)
            await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _reading = null;
    }

    internal void Drop()
    {
        // If it fails, the next reader of the same place fails the same way and is heard.
        _reading?.ContinueWith(static t => t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        _reading = null;
    }
}
