using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Daybook.Projections.Memory;

/// <summary>One projection in memory, both sides of it: the reference that other sinks are compared with.</summary>
/// <typeparam name="TDocument">The document type.</typeparam>
public sealed class MemoryProjectionWriter<TDocument> : IProjectionWriter, IReadModel<TDocument>
    where TDocument : class
{
    private readonly Lock _lock = new();
    private readonly DocumentFold<TDocument> _fold;
    private readonly DocumentForm<TDocument> _form = new(JsonSerializerOptions.Default);
    private readonly Dictionary<PartitionId, (Epoch Epoch, JournalOffset Next)> _checkpoints = [];
    private readonly Dictionary<PartitionId, int> _skipped = [];
    private ImmutableSortedDictionary<string, TDocument> _documents =
        ImmutableSortedDictionary.Create<string, TDocument>(CodePointOrder.Instance);

    /// <summary>Makes an empty read model.</summary>
    /// <exception cref="DaybookException">The class has no valid <see cref="ProjectionAttribute"/>, or JSON loses a member of its documents.</exception>
    public MemoryProjectionWriter(IDocumentProjection<TDocument> projection)
    {
        ArgumentNullException.ThrowIfNull(projection);
        Projection = ProjectionId.Of(projection.GetType());
        _fold = new DocumentFold<TDocument>(Projection, projection, _form);
    }

    /// <inheritdoc/>
    public ProjectionId Projection { get; }

    /// <inheritdoc/>
    public ValueTask<JournalOffset> StartAsync(PartitionId partition, Epoch epoch, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            var (claimed, next) = _checkpoints.GetValueOrDefault(partition);
            if (claimed > epoch)
                throw ProjectionErrors.Stale(Projection, partition, epoch, claimed);
            _checkpoints[partition] = (epoch, next);
            return ValueTask.FromResult(next);
        }
    }

    /// <inheritdoc/>
    public ValueTask<int> SkippedAsync(PartitionId partition, CancellationToken cancellationToken = default)
    {
        lock (_lock)
            return ValueTask.FromResult(_skipped.GetValueOrDefault(partition));
    }

    /// <inheritdoc/>
    public ValueTask ApplyAsync(ProjectionBatch batch, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            var next = Claimed(batch.Partition, batch.Epoch);
            if (batch.First > next)
                throw ProjectionErrors.Gap(Projection, batch, next);
            if (batch.Next > next)
            {
                Fold(batch, next);
                _checkpoints[batch.Partition] = (batch.Epoch, batch.Next);
                _skipped[batch.Partition] = _skipped.GetValueOrDefault(batch.Partition) + batch.Skipped.Count;
            }
        }
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask CaughtUpAsync(PartitionId partition, Epoch epoch, CancellationToken cancellationToken = default)
    {
        lock (_lock)
            Claimed(partition, epoch);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask FlushAsync(CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask<TDocument?> GetAsync(string key, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(Volatile.Read(ref _documents).GetValueOrDefault(key) is { } document ? _form.Restore(document) : null);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<KeyValuePair<string, TDocument>> QueryAsync(
        string? from = null, bool descending = false, int limit = int.MaxValue, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await ValueTask.CompletedTask.ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        var documents = Volatile.Read(ref _documents);
        var ordered = descending ? documents.Reverse() : documents;
        var sign = descending ? -1 : 1;
        foreach (var pair in ordered.Where(p => from is null || CodePointOrder.Instance.Compare(p.Key, from) * sign >= 0).Take(limit))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new(pair.Key, _form.Restore(pair.Value));
        }
    }

    private void Fold(ProjectionBatch batch, JournalOffset checkpoint)
    {
        try
        {
            foreach (var slot in _fold.Plan(batch, checkpoint))
                slot.Load(_documents.GetValueOrDefault(slot.Key) is { } document ? _form.Restore(document) : null);
            _fold.Apply();
            var changed = _documents.ToBuilder();
            foreach (var slot in _fold.Slots)
            {
                if (slot.Document is null)
                    changed.Remove(slot.Key);
                else
                    changed[slot.Key] = slot.Document;
            }
            Volatile.Write(ref _documents, changed.ToImmutable());
        }
        finally
        {
            _fold.Clear();
        }
    }

    private JournalOffset Claimed(PartitionId partition, Epoch epoch)
    {
        var (claimed, next) = _checkpoints.GetValueOrDefault(partition);
        return claimed == epoch ? next : throw ProjectionErrors.Stale(Projection, partition, epoch, claimed);
    }
}
