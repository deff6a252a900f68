using Daybook.Core.Modeling;

namespace Daybook.Core.Partitions.Work;

/// <summary>An append of ready-made events to one stream: no handler, no state; it was decided before it was sent.</summary>
internal sealed class AppendWork(
    Target target, ExpectedVersion expected, Decision decision, ulong fingerprint, CommandId id, CommandOptions options, string? traceParent)
    : WriteWork(id, options, traceParent)
{
    public override ulong Fingerprint => fingerprint;

    public override string Name => CommandFingerprint.Append;

    public override Target First => target;

    public override ExpectedVersion Expected => expected;

    public override bool NeedsState => false;

    public override Decision Decide(ReadOnlySpan<object?> states, CommandContext context) => decision;
}
