using System.Runtime.CompilerServices;
using Daybook.Core.Journals;
using Daybook.Core.Modeling;
using Daybook.Core.Partitions.Work;
using Daybook.Core.Serialization;

namespace Daybook.Core.Streams;

/// <summary>Reads and folds single streams out of a partition's journal, along the chain of their records.</summary>
internal sealed class EventStreamReader(PartitionId partition, Journal journal, EventCodec codec)
{
    /// <summary>The events of a stream from a version down to the first.</summary>
    public async IAsyncEnumerable<RecordedEvent> BackwardsAsync(
        string stream, StreamView view, long from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var slice in SlicesAsync(stream, view, 0, cancellationToken).ConfigureAwait(false))
        {
            foreach (var recorded in slice.Events(partition).Reverse())
            {
                if (recorded.Version.Value <= from)
                    yield return recorded;
            }
        }
    }

    /// <summary>The events of a stream from a version up to the last.</summary>
    public async IAsyncEnumerable<RecordedEvent> ForwardsAsync(
        string stream, StreamView view, long from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var slices = new Stack<StreamSlice>();
        await foreach (var slice in SlicesAsync(stream, view, from - 1, cancellationToken).ConfigureAwait(false))
            slices.Push(slice);
        foreach (var slice in slices)
        {
            foreach (var recorded in slice.Events(partition))
            {
                if (recorded.Version.Value >= from)
                    yield return recorded;
            }
        }
    }

    /// <summary>The state after <paramref name="version"/> events, from the snapshot if it helps.</summary>
    /// <exception cref="DaybookException">An event cannot be read or folded; the message names it.</exception>
    public async ValueTask<object?> FoldAsync(
        string stream, StreamView view, AggregateModel model, long version, CancellationToken cancellationToken)
    {
        var (state, folded) = await SnapshotAsync(view, model, version, cancellationToken).ConfigureAwait(false);
        await foreach (var recorded in ForwardsAsync(stream, view, folded + 1, cancellationToken).ConfigureAwait(false))
        {
            if (recorded.Version.Value > version)
                break;
            state = Fold(model, state, recorded);
        }
        return state;
    }

    private async ValueTask<(object? State, long Version)> SnapshotAsync(
        StreamView view, AggregateModel model, long version, CancellationToken cancellationToken)
    {
        if (view.Snapshot.IsNone || view.SnapshotVersion > version)
            return (null, 0);
        var fingerprint = StateFingerprint.Of(model.StateType);
        var bytes = await new RecordReader(journal).ReadSnapshotAsync(view.Snapshot, fingerprint, cancellationToken).ConfigureAwait(false);
        return bytes is { } found ? (codec.Serializer.Deserialize(model.StateType, found.Span), view.SnapshotVersion) : (null, 0);
    }

    private object? Fold(AggregateModel model, object? state, RecordedEvent recorded)
    {
        try
        {
            return model.Fold(state, codec.Read(recorded.Type, recorded.Data.Span));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new DaybookException(e is DaybookException d ? d.Code : ErrorCode.HandlerFailed,
                $"Event {recorded.Version} ('{recorded.Type}') of stream '{recorded.Stream}' cannot be folded: {e.Message}", e);
        }
    }

    /// <summary>Newest first, down to the record that holds the version after <paramref name="downTo"/>.</summary>
    private async IAsyncEnumerable<StreamSlice> SlicesAsync(
        string stream, StreamView view, long downTo, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = new RecordReader(journal);
        var at = view.Last;
        for (var version = view.Version; version > downTo;)
        {
            var slice = await reader.ReadSliceAsync(at, stream, cancellationToken).ConfigureAwait(false);
            if (slice.FirstVersion + slice.Count - 1 != version)
                throw new DaybookException(ErrorCode.Corrupted,
                    $"The record at {at} ends with version {slice.FirstVersion + slice.Count - 1} of stream '{stream}', not {version}.");
            yield return slice;
            (version, at) = (slice.FirstVersion - 1, slice.Previous);
        }
    }
}
