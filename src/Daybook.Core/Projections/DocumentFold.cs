namespace Daybook.Projections;

/// <summary>
/// The fold that every sink shares. For each batch: <see cref="Plan"/>, then load the slots it returns, then <see cref="Apply"/>; after
/// one or more batches write <see cref="Slots"/> back in one transaction. After any exception the fold is useless: <see cref="Clear"/> it.
/// Not safe for several threads.
/// </summary>
/// <typeparam name="TDocument">The document type.</typeparam>
public sealed class DocumentFold<TDocument>(ProjectionId id, IDocumentProjection<TDocument> projection, DocumentForm<TDocument> form)
    where TDocument : class
{
    /// <summary>Beyond it, an enumeration of keys is taken for one that does not end.</summary>
    private const int MaxKeysPerEvent = 100_000;

    private readonly Dictionary<string, DocumentSlot<TDocument>> _slots = new(StringComparer.Ordinal);
    private readonly List<(ProjectedEvent Event, int End)> _events = [];
    private readonly List<DocumentSlot<TDocument>> _touches = [];
    private int _planned;

    /// <summary>Every document that was planned since the last <see cref="Clear"/>.</summary>
    public IReadOnlyCollection<DocumentSlot<TDocument>> Slots => _slots.Values;

    /// <summary>Asks the projection which documents a batch changes.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="checkpoint">Events before it were applied already and are left out.</param>
    /// <returns>The slots that are new since the last <see cref="Clear"/> and must be loaded.</returns>
    /// <exception cref="PoisonEventException">The projection threw or returned a bad key.</exception>
    public IReadOnlyList<DocumentSlot<TDocument>> Plan(ProjectionBatch batch, JournalOffset checkpoint)
    {
        ArgumentNullException.ThrowIfNull(batch?.Events, nameof(batch));
        _events.Clear();
        _touches.Clear();
        var added = new List<DocumentSlot<TDocument>>();
        foreach (var projected in batch.Events)
        {
            if (projected.Recorded.Position.Offset < checkpoint)
                continue;
            PlanEvent(projected, added);
            _events.Add((projected, _touches.Count));
        }
        return added;
    }

    /// <summary>Applies the planned events in order.</summary>
    /// <exception cref="PoisonEventException">The projection threw, or returned a document that cannot be stored.</exception>
    public void Apply()
    {
        var touch = 0;
        foreach (var (projected, end) in _events)
        {
            try
            {
                for (; touch < end; touch++)
                {
                    var slot = _touches[touch];
                    slot.Document = projection.Apply(slot.Key, slot.Document, projected) is { } document ? form.Restore(document) : null;
                    slot.ChangedBy = projected.Recorded;
                }
            }
            catch (Exception error)
            {
                throw Poison(projected.Recorded, error);
            }
        }
    }

    /// <summary>Blames an event for a failure of the projection.</summary>
    public PoisonEventException Poison(RecordedEvent recorded, Exception error) => new(id.Name, recorded, error);

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _slots.Clear();
        _events.Clear();
        _touches.Clear();
    }

    private void PlanEvent(ProjectedEvent projected, List<DocumentSlot<TDocument>> added)
    {
        try
        {
            _planned++;
            var keys = projection.KeysOf(projected) ?? throw BadKey("KeysOf returned null");
            var count = 0;
            foreach (var key in keys)
            {
                if (++count > MaxKeysPerEvent)
                    throw BadKey($"KeysOf returned more than {MaxKeysPerEvent} keys for one event");
                var slot = SlotOf(key, added);
                if (slot.PlannedFor != _planned)
                    _touches.Add(slot);
                slot.PlannedFor = _planned;
            }
        }
        catch (Exception error)
        {
            throw Poison(projected.Recorded, error);
        }
    }

    private DocumentSlot<TDocument> SlotOf(string? key, List<DocumentSlot<TDocument>> added)
    {
        if (key is not null && _slots.TryGetValue(key, out var known))
            return known;
        var slot = new DocumentSlot<TDocument>(Checked(key));
        _slots.Add(slot.Key, slot);
        added.Add(slot);
        return slot;
    }

    private static string Checked(string? key)
    {
        if (string.IsNullOrEmpty(key))
            throw BadKey("the key of a document is null or empty");
        if (key.Length > ProjectionId.MaxKeyLength)
            throw BadKey($"the key '{key.AsSpan(0, 40)}…' has {key.Length} characters; at most {ProjectionId.MaxKeyLength} are allowed");
        for (var rest = key.AsSpan(); !rest.IsEmpty;)
        {
            var status = System.Text.Rune.DecodeFromUtf16(rest, out var rune, out var used);
            if (status != System.Buffers.OperationStatus.Done || rune.Value == 0)
                throw BadKey("the key of a document holds U+0000 or half a surrogate pair");
            rest = rest[used..];
        }
        return key;
    }

    private static DaybookException BadKey(string what) => new(ErrorCode.InvalidArgument, what);
}
