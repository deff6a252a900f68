using Daybook.Reactions;
using Daybook.Projections;
using Daybook.Testing.Compliance;

namespace Daybook.Core.Tests.Reactions;

/// <summary>A reaction that records its events, and fails on request.</summary>
[Reaction("recorder", Start = ReactionStart.Beginning)]
internal sealed class Recorder : IReaction
{
    private readonly Lock _lock = new();
    private readonly List<(RecordedEvent Recorded, IdempotencyId Id)> _effects = [];

    /// <summary>Asked before each effect; an exception that it returns is thrown instead.</summary>
    internal Func<RecordedEvent, Exception?> Before { get; set; } = _ => null;

    internal (RecordedEvent Recorded, IdempotencyId Id)[] Effects
    {
        get
        {
            lock (_lock)
                return [.. _effects];
        }
    }

    internal string Offsets => string.Join(' ', Effects.Select(e => e.Recorded.Position.Offset));

    public bool Concerns(ProjectedEvent projected) => projected.Body is Added or Broken;

    public ValueTask ReactAsync(ReactionContext context, CancellationToken cancellationToken)
    {
        if (Before(context.Recorded) is { } failure)
            throw failure;
        lock (_lock)
            _effects.Add((context.Recorded, context.Id));
        return context.Event is Broken ? throw new InvalidOperationException("cannot be sent") : ValueTask.CompletedTask;
    }
}
