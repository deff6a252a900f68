using Daybook.Core.Modeling;

namespace Daybook.Testing.Scenarios;

/// <summary>Finds the stream that a scenario means by a key.</summary>
internal static class StreamFinder
{
    /// <exception cref="ScenarioException">The events do not determine which aggregate is meant.</exception>
    public static StreamId Find(BookModel model, KeyedEvents named)
    {
        if (named.Key is StreamId stream)
            return stream;
        var key = KeyText.Of(named.Key);
        if (named.State is not null)
            return model.Aggregate(named.State).StreamOf(key);
        var knowing = model.Aggregates.Where(aggregate => named.Events.All(e => aggregate.Knows(e.GetType()))).ToArray();
        return knowing is [var only] ? only.StreamOf(key) : throw Unclear(named, knowing);
    }

    private static ScenarioException Unclear(KeyedEvents named, AggregateModel[] knowing)
    {
        var events = string.Join(", ", named.Events.Select(e => e.GetType().Name).Distinct());
        var found = knowing.Length == 0
            ? "no registered aggregate has a method for each of them"
            : $"the aggregates {string.Join(", ", knowing.Select(x => x.StateType.Name))} have";
        return new ScenarioException($"The events of '{named.Key}' ({events}) do not determine its aggregate: {found}. "
            + "Name it: Given<TState>(key, …), Then<TState>(key, …).");
    }
}
