using Daybook.Core.Modeling;
using Daybook.Core.Partitions.Work;

namespace Daybook;

/// <summary>Refuses bad requests before anything is done with them; every message names what was wrong (invariant J10).</summary>
internal static class RequestCheck
{
    private const int MaxText = 200;

    public static CommandOptions Command(CommandId id, CommandOptions? options)
    {
        if (id.IsEmpty)
            throw Bad("The command id is empty; give each intention an id of its own.");
        if (options is null || ReferenceEquals(options, CommandOptions.None))
            return CommandOptions.None;
        Text(nameof(CommandOptions.CausationId), options.CausationId);
        Text(nameof(CommandOptions.CorrelationId), options.CorrelationId);
        Text(nameof(CommandOptions.Tenant), options.Tenant);
        return options;
    }

    public static void Stream(StreamId stream)
    {
        if (stream.Value.Length == 0)
            throw Bad("The stream id is the default value, which names no stream.");
    }

    public static void Partition(PartitionId partition, int count)
    {
        if (partition.Value < 0 || partition.Value >= count)
            throw Bad($"There is no partition {partition}; the book has {count} partitions, from 0.");
    }

    public static void Position(Position position, int count)
    {
        if (position.Partition.Value < 0 || position.Partition.Value >= count || position.Offset.Value < 0)
            throw Bad($"The position {position} is not one of this book, which has {count} partitions, from 0, and offsets from 0; it may be from another book.");
    }

    public static void Targets(WriteWork work, int maxStreams)
    {
        if (work.All is not { } targets)
            return;
        if (targets.Length > maxStreams)
            throw Bad($"The command names {targets.Length} aggregates; at most {maxStreams} are allowed (option {nameof(DaybookOptions.MaxStreamsPerTransaction)}).");
        if (!work.Options.ExpectedVersion.IsAny)
            throw Bad("An expected version cannot be given for a command of several aggregates.");
        if (Doubled(targets) is { } stream)
            throw Bad($"The command names '{stream}' twice; the aggregates of a transaction must differ.");
    }

    public static void Events(ReadOnlySpan<EventData> events, int maxBytes)
    {
        if (events.IsEmpty)
            throw Bad("An append needs at least one event.");
        foreach (var e in events)
        {
            if (string.IsNullOrEmpty(e.Type) || e.Type.Length > MaxText)
                throw Bad($"An event type name must have 1 to {MaxText} characters; it has {e.Type?.Length ?? 0}.");
            WellFormed.Check(e.Type, "An event type name");
            if (e.Data.Length > maxBytes)
                throw new DaybookException(ErrorCode.TooLarge,
                    $"An event of type '{e.Type}' has {e.Data.Length} bytes; the limit is {maxBytes} (option {nameof(DaybookOptions.MaxRecordBytes)}).");
        }
    }

    private static StreamId? Doubled(Target[] targets)
    {
        if (targets.Length == 2)
            return targets[0].Stream == targets[1].Stream ? targets[0].Stream : null;
        var seen = new HashSet<StreamId>();
        foreach (var target in targets)
        {
            if (!seen.Add(target.Stream))
                return target.Stream;
        }
        return null;
    }

    private static void Text(string name, string? text)
    {
        if (text is null)
            return;
        if (text.Length > MaxText)
            throw Bad($"The option {nameof(CommandOptions)}.{name} has {text.Length} characters; at most {MaxText} are allowed.");
        WellFormed.Check(text, $"The option {nameof(CommandOptions)}.{name}");
    }

    private static DaybookException Bad(string message) => new(ErrorCode.InvalidArgument, message);
}
