using Daybook.Core.Modeling;

namespace Daybook.Core.Partitions.Work;

/// <summary>An append of ready-made events to one stream: no handler; it was decided before it was sent. The state of an aggregate is
/// needed only to check that it takes them.</summary>
internal sealed class AppendWork(
    Target target, ExpectedVersion expected, Decision decision, ulong fingerprint, CommandId id, CommandOptions options, string? traceParent)
    : WriteWork(id, options, traceParent)
{
    public override ulong Fingerprint => fingerprint;

    public override string Name => CommandFingerprint.Append;

    public override Target First => target;

    public override ExpectedVersion Expected => expected;

    public override bool NeedsState => target.Model is not null;

    public override DaybookException Unrecordable(DaybookException why) =>
        new(ErrorCode.InvalidArgument, $"The events cannot be appended to '{target.Stream}': {why.Message}", why);

    public override Decision Decide(ReadOnlySpan<object?> states, CommandContext context) => decision;
}
