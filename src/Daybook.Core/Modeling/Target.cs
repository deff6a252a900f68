namespace Daybook.Core.Modeling;

/// <summary>One aggregate that a command names.</summary>
/// <param name="Stream">Its stream.</param>
/// <param name="Model">How its state folds.</param>
/// <param name="Required">True when the handler's parameter is not nullable: an absent aggregate rejects the command.</param>
internal readonly record struct Target(StreamId Stream, AggregateModel Model, bool Required)
{
    /// <summary>Whether a key of a decision means this aggregate.</summary>
    public bool IsNamedBy(object key)
    {
        if (key is StreamId stream)
            return stream == Stream;
        var text = KeyText.Of(key);
        var name = Stream.Value;
        return name.Length == Model.Category.Length + 1 + text.Length
            && name.AsSpan(Model.Category.Length + 1).SequenceEqual(text);
    }
}
