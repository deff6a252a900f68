namespace Daybook;

/// <summary>What a handler returns: events to record, or a rejection. A plain value; nothing happens until the engine acts on it.</summary>
public sealed class Decision
{
    private readonly EmissionTail? _more;

    private Decision(string reason, string? detail) => (Reason, Detail) = (reason, detail);

    private Decision(Emission first, EmissionTail? more, int count)
    {
        First = first;
        _more = more;
        Count = count;
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
    /// <exception cref="ArgumentOutOfRangeException">The index is negative, or not less than <see cref="Count"/>.</exception>
    public Emission this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            return index == 0 ? First : _more![index - 1];
        }
    }

    /// <summary>Records an event on the only aggregate of the handler.</summary>
    public static Decision Emit(object @event)
    {
        ArgumentNullException.ThrowIfNull(@event);
        return new(new Emission(null, @event), null, 1);
    }

    /// <summary>Records an event on the aggregate with that key.</summary>
    /// <param name="key">The key as it stands in the command. It is not null: an optional aggregate whose key is null gets no events.</param>
    /// <param name="event">A value of a registered event type.</param>
    public static Decision Emit(object key, object @event) => new(Keyed(key, @event), null, 1);

    /// <summary>Records events on the only aggregate of the handler, in their order; none is <see cref="Nothing"/>.</summary>
    public static Decision EmitAll(IEnumerable<object> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        return events.Aggregate(Nothing, static (decision, @event) => decision.And(@event));
    }

    /// <summary>Refuses the command. The refusal is recorded, so a retry with the same command id gets the same answer.</summary>
    /// <param name="reason">A short stable code, for example <c>insufficient-funds</c>.</param>
    /// <param name="detail">A sentence for people; optional.</param>
    public static Decision Reject(string reason, string? detail = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(reason);
        return new Decision(WellFormed(reason), detail is null ? null : WellFormed(detail));
    }

    /// <summary>Records one more event on the only aggregate of the handler. A chain of calls costs time in proportion to its length.</summary>
    public Decision And(object @event)
    {
        ArgumentNullException.ThrowIfNull(@event);
        return Plus(new Emission(null, @event));
    }

    /// <summary>Records one more event on the aggregate with that key.</summary>
    public Decision And(object key, object @event) => Plus(Keyed(key, @event));

    private Decision Plus(Emission emission)
    {
        if (IsRejected)
            throw new InvalidOperationException($"The decision was rejected ({Reason}) and cannot emit events.");
        if (Count == 0)
            return new Decision(emission, null, 1);
        return new Decision(First, EmissionTail.Append(_more, Count - 1, emission), Count + 1);
    }

    private static Emission Keyed(object key, object @event)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(@event);
        return new Emission(key, @event);
    }

    /// <summary>Replaces half surrogate pairs, which no stored text can hold: the first answer is then the one that a retry gets.</summary>
    private static string WellFormed(string text) =>
        System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>
    /// The emissions after the first. Decisions of one chain share the array: each sees a prefix, the last one extends it in place, and any other copies it.
    /// </summary>
    private sealed class EmissionTail(int capacity)
    {
        private readonly Emission[] _items = new Emission[capacity];
        private int _used;

        public Emission this[int index] => _items[index];

        public static EmissionTail Append(EmissionTail? tail, int count, Emission emission)
        {
            if (tail is null || count == tail._items.Length || Interlocked.CompareExchange(ref tail._used, count + 1, count) != count)
            {
                var longer = new EmissionTail(count == 0 ? 1 : Math.Max(4, count * 2)) { _used = count + 1 };
                tail?._items.AsSpan(0, count).CopyTo(longer._items);
                tail = longer;
            }
            tail._items[count] = emission;
            return tail;
        }
    }
}

/// <summary>One event of a decision and the aggregate it belongs to.</summary>
/// <param name="Key">The key as it stands in the command; null for the only aggregate of the handler.</param>
/// <param name="Event">The event.</param>
public readonly record struct Emission(object? Key, object Event);
