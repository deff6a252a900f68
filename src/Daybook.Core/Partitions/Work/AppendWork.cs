using Daybook.Core.Modeling;

namespace Daybook.Core.Partitions.Work;

/// <summary>An append of ready-made events to one stream: no handler; it was decided before it was sent. An aggregate's state is needed only to check that it takes them.</summary>
internal sealed class AppendWork(
    Target target, ExpectedVersion expected, Decision decision, ulong fingerprint, CommandId id, CommandOptions options, string? traceParent)
    : WriteWork(id, options, traceParent)
{
    public override ulong Fingerprint => fingerprint;

    public override string Name => CommandFingerprint.Append;

    public override Target First => target;

    public override ExpectedVersion Expected => expected;

    public override bool NeedsState => target.Model is not null;

    public override Decision Decide(ReadOnlySpan<object?> states, CommandContext context) => decision;
}
