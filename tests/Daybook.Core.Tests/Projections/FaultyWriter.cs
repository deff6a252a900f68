using Daybook.Projections;

namespace Daybook.Core.Tests.Projections;

/// <summary>A writer whose calls fail on request, before or after they took effect.</summary>
internal sealed class FaultyWriter(IProjectionWriter inner) : IProjectionWriter
{
    internal Queue<Exception> BeforeStart { get; } = [];

    internal Queue<Exception> BeforeApply { get; } = [];

    internal Queue<Exception> AfterApply { get; } = [];

    internal Queue<Exception> BeforeCaughtUp { get; } = [];

    internal List<(long First, long Next)> Applies { get; } = [];

    internal int CaughtUps { get; private set; }

    public ProjectionId Projection => inner.Projection;

    public ValueTask<JournalOffset> StartAsync(PartitionId partition, Epoch epoch, CancellationToken cancellationToken = default)
    {
        Fail(BeforeStart);
        return inner.StartAsync(partition, epoch, cancellationToken);
    }

    public ValueTask<int> SkippedAsync(PartitionId partition, CancellationToken cancellationToken = default) => inner.SkippedAsync(partition, cancellationToken);

    public async ValueTask ApplyAsync(ProjectionBatch batch, CancellationToken cancellationToken = default)
    {
        Fail(BeforeApply);
        await inner.ApplyAsync(batch, cancellationToken);
        Applies.Add((batch.First.Value, batch.Next.Value));
        Fail(AfterApply);
    }

    public ValueTask CaughtUpAsync(PartitionId partition, Epoch epoch, CancellationToken cancellationToken = default)
    {
        Fail(BeforeCaughtUp);
        CaughtUps++;
        return inner.CaughtUpAsync(partition, epoch, cancellationToken);
    }

    public ValueTask FlushAsync(CancellationToken cancellationToken = default) => inner.FlushAsync(cancellationToken);

    private static void Fail(Queue<Exception> failures)
    {
        if (failures.TryDequeue(out var failure))
            throw failure;
    }
}
