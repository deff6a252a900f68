using Daybook.Core.Partitions;
using Daybook.Core.Partitions.Work;
using Daybook.Core.Transactions;

namespace Daybook;

/// <summary>
/// Finds what each partition must have shown for all of a command to be seen. Nothing is kept for it: the coordinator's journal names the
/// participants, and each of those knows whether it has resolved.
/// </summary>
internal sealed class CommandPositions(PartitionRouter router, AdmissionLimit admission)
{
    public async ValueTask<IReadOnlyList<Position>> OfAsync(Outcome.Accepted accepted, CancellationToken cancellationToken)
    {
        var decided = accepted.Position;
        if (await DecisionAsync(decided, cancellationToken).ConfigureAwait(false) is not { } decision)
            return [decided];
        var positions = new List<Position>(decision.Participants.Count + 1) { decided };
        foreach (var (participant, work) in decision.Participants.Select(p => (p, Ask(p, decision.Transaction))).ToArray())
        {
            var last = await work.AnswerAsync(cancellationToken).ConfigureAwait(false);
            positions.Add(new Position(participant, last));
        }
        return positions;
    }

    private BranchWork Ask(PartitionId participant, TransactionId transaction)
    {
        var work = new BranchWork(transaction);
        work.Enter(admission);
        router.Post(participant, work);
        return work;
    }

    private async ValueTask<DecisionRecord?> DecisionAsync(Position at, CancellationToken cancellationToken)
    {
        RequestCheck.Position(at, router.Map.Count);
        var owner = router.OwnerOf(at.Partition);
        if (at.Offset >= owner.Feed.Head)
            throw Unknown(at);
        await foreach (var entry in owner.Journal.ReadAsync(at.Offset, at.Offset.Plus(1), cancellationToken).ConfigureAwait(false))
            return DecisionRecord.Read(entry, at.Offset);
        throw Unknown(at);
    }

    private static DaybookException Unknown(Position at) =>
        new(ErrorCode.InvalidArgument, $"No command of this book was accepted at position {at}.");
}
