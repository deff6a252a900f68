using Daybook.Core.Modeling;

namespace Daybook.Testing.Scenarios;

/// <summary>How a scenario should end and how it did, as lines of text: the outcome, then the new events by stream.</summary>
internal static class ScenarioResult
{
    /// <summary>The outcome that stands for: accepted, with any new events.</summary>
    public const string AnyEvents = "accepted, with any events";

    public static IReadOnlyList<string> Expected(ScenarioBook run)
    {
        var model = run.Book.Model;
        var byStream = run.Script.Events
            .GroupBy(expected => StreamFinder.Find(model, expected), expected => expected.Events)
            .OrderBy(group => group.Key);
        return [run.Script.Outcome, .. byStream.SelectMany(group => Lines(model, group.Key, run.Versions[group.Key], group.SelectMany(e => e)))];
    }

    public static async Task<IReadOnlyList<string>> ActualAsync(ScenarioBook run, Outcome outcome, CancellationToken cancellationToken)
    {
        var lines = new List<string> { Text(outcome) };
        if (run.Script.Outcome == AnyEvents && outcome is Outcome.Accepted)
            return [AnyEvents];
        foreach (var (stream, given) in run.Versions)
        {
            await foreach (var e in run.Book.Streams.ReadAsync(stream, new StreamVersion(given + 1), cancellationToken: cancellationToken))
                lines.Add(EventText.Line(stream, e.Version.Value, e.Type, e.Data.Span));
        }
        return lines;
    }

    public static string Text(Outcome outcome) => outcome switch
    {
        Outcome.Accepted => "accepted",
        Outcome.Rejected rejected => $"rejected: {rejected.Reason}",
        Outcome.Conflict conflict => $"conflict: version {conflict.Actual}",
        _ => $"in doubt: {((Outcome.InDoubt)outcome).Cause}",
    };

    private static IEnumerable<string> Lines(BookModel model, StreamId stream, long given, IEnumerable<object> events)
    {
        foreach (var @event in events)
        {
            var data = model.Codec.Encode(@event);
            yield return EventText.Line(stream, ++given, data.Type, data.Data.Span);
        }
    }
}
