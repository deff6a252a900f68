using Daybook.Core.Serialization;

namespace Daybook.Core.Modeling;

/// <summary>
/// Folds an event twice, as the object that the handler emitted and as what was stored of it, and compares: a difference is something that
/// would be lost at a restart. Runs in debug builds of the engine and under the faults of a scenario, where time does not matter.
/// </summary>
internal sealed class FoldCheck(EventCodec codec)
{
    /// <param name="model">The state.</param>
    /// <param name="before">The kept state before the event.</param>
    /// <param name="emitted">The event as the handler emitted it.</param>
    /// <exception cref="DaybookException"><see cref="ErrorCode.HandlerFailed"/>; the message names the member that differs.</exception>
    public void Run(AggregateModel model, object? before, object emitted)
    {
        var stored = codec.Encode(emitted);
        object? one = model.Form.Open(before), other = Restored(model, before);
        model.TryFoldOpen(ref one, codec.Upcast(emitted));
        model.TryFoldOpen(ref other, codec.Read(stored.Type, stored.Data.Span));
        if (Bytes(model, one) is not { } expected || Bytes(model, other) is not { } actual || !expected.SequenceEqual(Bytes(model, one)!))
            return; // not comparable: it cannot be stored, or its serializer salts what it writes
        if (StoredForm.Difference(expected, actual) is { } member)
            throw new DaybookException(ErrorCode.HandlerFailed,
                $"After '{emitted.GetType()}', '{model.StateType}' differs in '{member}' when it is folded from what was stored instead of " +
                "from the objects: JSON loses or changes a value that the event or the state holds there.");
        if (one is not null && StoredForm.Difference(expected, Bytes(model, model.Form.Read(expected))) is { } changed)
            throw new DaybookException(ErrorCode.HandlerFailed,
                $"After '{emitted.GetType()}', '{model.StateType}' differs in '{changed}' once it was stored and read back.");
    }

    private static object? Restored(AggregateModel model, object? kept) =>
        model.Form.Open(kept) is { } state && Bytes(model, state) is { } bytes ? model.Form.Read(bytes) : model.Form.Open(kept);

    /// <summary>The stored form; null for a state that cannot be stored: there are no snapshots of it, so there is nothing to differ from.</summary>
    private static byte[]? Bytes(AggregateModel model, object? state)
    {
        if (state is null)
            return [];
        try
        {
            var bytes = model.Form.Serialized(state).ToArray();
            model.Form.Read(bytes);
            return bytes;
        }
        catch (Exception)
        {
            return null;
        }
    }
}
