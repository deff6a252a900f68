using Daybook.Core.Serialization;

namespace Daybook.Projections;

/// <summary>Makes a projection's batch of a run of the feed.</summary>
internal static class BatchDecoder
{
    /// <summary>Decodes every event up to the first that cannot be decoded; that one is the poison. What is to be skipped is set apart.</summary>
    internal static DecodedBatch Decode(FeedBatch batch, JournalOffset head, string projection, IEventDecoder decoder, Func<RecordedEvent, bool> skips)
    {
        var decoded = new DecodedBatch(batch.Next, head, new List<ProjectedEvent>(batch.Events.Count));
        foreach (var recorded in batch.Events)
        {
            if (skips(recorded))
            {
                decoded.Skipped.Add(recorded);
                continue;
            }
            try
            {
                decoded.Events.Add(new ProjectedEvent(decoder.Decode(recorded) ?? throw Unknown(recorded), recorded));
            }
            catch (Exception error)
            {
                return decoded with { Poison = new PoisonEventException(projection, recorded, error) };
            }
        }
        return decoded;
    }

    /// <summary>The part of decoded events that lies before an offset; records are never split.</summary>
    internal static IReadOnlyList<ProjectedEvent> Before(List<ProjectedEvent> events, JournalOffset limit)
    {
        var count = events.Count;
        while (count > 0 && events[count - 1].Recorded.Position.Offset >= limit)
            count--;
        return count == events.Count ? events : events.GetRange(0, count);
    }

    private static DaybookException Unknown(RecordedEvent recorded) => new(ErrorCode.UnknownType,
        $"no event type '{recorded.Type}' is registered, so it is not known whether the projection needs it. {EventCodec.Cure}");
}
