using Daybook.Core.Modeling;

namespace Daybook.Core.Partitions.Work;

/// <summary>An append of ready-made events to one stream: no handler, no state.</summary>
internal sealed class AppendWork(
    Target target, ExpectedVersion expected, EventData[] events, CommandId id, CommandOptions options, string? traceParent)
    : WriteWork(id, options, traceParent)
{
    public override Target First => target;

    public override ExpectedVersion Expected => expected;

    public override bool NeedsState => false;

    public override Decision Decide(ReadOnlySpan<object?> states, CommandContext context)
    {
        var decision = Decision.Emit(events[0]);
        for (var i = 1; i < events.Length; i++)
            decision = decision.And(events[i]);
        return decision;
    }
}
