using Daybook.Core.Modeling;
using Daybook.Core.Streams;

namespace Daybook.Core.Partitions.Truncation;

/// <summary>
/// Truncates a partition, in an order in which a crash at any point loses nothing but the records: find how far, keep every
/// state in a snapshot, let the projections pass, then the journal's record, then the ledgers (invariant L21).
/// </summary>
internal sealed class JournalTruncation(PartitionRouter router, PartitionServices services, BookProjections projections)
{
    private const int SnapshotsAtOnce = 256;
    private readonly Dictionary<string, AggregateModel> _models = services.Model.Aggregates.ToDictionary(model => model.Category);

    public async ValueTask<JournalOffset> RunAsync(PartitionId partition, JournalOffset before, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RequestCheck.Partition(partition, router.Map.Count);
        if (before.Value < 0)
            throw new DaybookException(ErrorCode.InvalidArgument, $"Offset {before} is negative; a journal starts at 0.");
        var owner = router.OwnerOf(partition);
        var plan = await new TruncationWork(owner.Journal, before).RunAsync(owner.Post).WaitAsync(cancellationToken).ConfigureAwait(false);
        if (plan.Start == owner.Journal.Manifest.Start)
            return plan.Start;
        foreach (var some in plan.Streams.Chunk(SnapshotsAtOnce))
            await Task.WhenAll(some.Select(kept => KeepAsync(owner, kept, plan.Start))).WaitAsync(cancellationToken).ConfigureAwait(false);
        await projections.SettleAsync(partition, plan.Recorded, cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return await CutAsync(owner, plan.Start).ConfigureAwait(false);
    }

    /// <summary>Sees to it that a stream's state can be folded from what is kept. A stream of no aggregate has none.</summary>
    private async Task KeepAsync(PartitionOwner owner, KeptStream kept, JournalOffset start)
    {
        var category = kept.Stream.Value.Split('/', 2)[0];
        if (!_models.TryGetValue(category, out var model) || await IsKeptAsync(owner, kept, model, start).ConfigureAwait(false))
            return;
        var work = new SnapshotWork(kept.Stream, model);
        owner.Post(work);
        var written = kept with { Snapshot = await work.Task.ConfigureAwait(false) };
        if (!await IsKeptAsync(owner, written, model, start).ConfigureAwait(false))
            throw new DaybookException(ErrorCode.HandlerFailed, $"The snapshot of stream '{kept.Stream}' cannot be read back, so its events cannot be deleted.");
    }

    /// <summary>Whether the newest snapshot lies in what is kept and is one that this program can read.</summary>
    private static async ValueTask<bool> IsKeptAsync(PartitionOwner owner, KeptStream kept, AggregateModel model, JournalOffset start)
    {
        if (kept.Snapshot.IsNone || owner.Journal.Manifest.Find(kept.Snapshot.Ledger) is not { } ledger || ledger.First < start)
            return false;
        var found = await new RecordReader(owner.Journal).ReadSnapshotAsync(kept.Snapshot, CancellationToken.None).ConfigureAwait(false);
        return found.Fingerprint == StateFingerprint.Of(model.StateType) && model.Form.IsFaithful(found.State);
    }

    /// <summary>From here on there is no way back; a lost compare-and-set shows that there is a later owner (invariant J2).</summary>
    private static async ValueTask<JournalOffset> CutAsync(PartitionOwner owner, JournalOffset start)
    {
        try
        {
            return await owner.Journal.TruncateAsync(start, CancellationToken.None).ConfigureAwait(false);
        }
        catch (DaybookException e) when (e.Code is ErrorCode.VersionMismatch)
        {
            owner.Stop(e);
            throw;
        }
    }
}
