namespace Daybook;

/// <summary>What a handler returns: events to record, or a rejection. A plain value; nothing happens until the engine acts on it.</summary>
public sealed class Decision
{
    private readonly List<Emission>? _more;

    private Decision(string reason, string? detail) => (Reason, Detail) = (reason, detail);

    private Decision(Emission first, List<Emission>? more)
    {
        First = first;
        _more = more;
        Count = 1 + (more?.Count ?? 0);
    }

    private Decision()
    {
    }

    /// <summary>Accepted, but nothing happened: no event is recorded.</summary>
    public static Decision Nothing { get; } = new();

    /// <summary>How many events were emitted.</summary>
    public int Count { get; }

    /// <summary>True when the command was refused.</summary>
    public bool IsRejected => Reason is not null;

    /// <summary>Why it was refused, as a short stable code such as <c>insufficient-funds</c>; null when it was not.</summary>
    public string? Reason { get; }

    /// <summary>A sentence for people about the refusal; null when none was given.</summary>
    public string? Detail { get; }

    private Emission First { get; }

    /// <summary>The events in the order in which they were emitted; index from 0.</summary>
    public Emission this[int index] => index == 0 && Count > 0 ? First : _more![index - 1];

    /// <summary>Records an event on the only aggregate of the handler.</summary>
    public static Decision Emit(object @event) => new(new Emission(null, @event), null);

    /// <summary>Records an event on the aggregate with that key.</summary>
    /// <param name="key">The key as it stands in the command.</param>
    /// <param name="event">A value of a registered event type.</param>
    public static Decision Emit(object key, object @event) => new(new Emission(key, @event), null);

    /// <summary>Records events on the only aggregate of the handler, in their order; none is <see cref="Nothing"/>.</summary>
    public static Decision EmitAll(IEnumerable<object> events)
    {
        var emissions = events.Select(e => new Emission(null, e)).ToList();
        if (emissions.Count == 0)
            return Nothing;
        var first = emissions[0];
        emissions.RemoveAt(0);
        return new Decision(first, emissions.Count == 0 ? null : emissions);
    }

    /// <summary>Refuses the command. The refusal is recorded, so a retry with the same command id gets the same answer.</summary>
    /// <param name="reason">A short stable code, for example <c>insufficient-funds</c>.</param>
    /// <param name="detail">A sentence for people; optional.</param>
    public static Decision Reject(string reason, string? detail = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(reason);
        return new Decision(reason, detail);
    }

    /// <summary>Records one more event on the only aggregate of the handler.</summary>
    public Decision And(object @event) => Plus(new Emission(null, @event));

    /// <summary>Records one more event on the aggregate with that key.</summary>
    public Decision And(object key, object @event) => Plus(new Emission(key, @event));

    private Decision Plus(Emission emission)
    {
        if (IsRejected)
            throw new InvalidOperationException($"The decision was rejected ({Reason}) and cannot emit events.");
        if (Count == 0)
            return new Decision(emission, null);
        var more = new List<Emission>((_more?.Count ?? 0) + 1);
        more.AddRange(_more ?? []);
        more.Add(emission);
        return new Decision(First, more);
    }
}

/// <summary>One event of a decision and the aggregate it belongs to.</summary>
/// <param name="Key">The key as it stands in the command; null for the only aggregate of the handler.</param>
/// <param name="Event">The event.</param>
public readonly record struct Emission(object? Key, object Event);
