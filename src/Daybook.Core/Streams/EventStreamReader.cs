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

    /// <summary>
    /// The state after <paramref name="version"/> events, in the form in which states are kept; from the snapshot if it helps. A snapshot that
    /// was written of another shape of the state, or cannot be read, is passed over while the events are there.
    /// </summary>
    /// <exception cref="DaybookException">An event cannot be read or folded; the message names it.</exception>
    public async ValueTask<object?> FoldAsync(
        string stream, StreamView view, AggregateModel model, long version, CancellationToken cancellationToken, FoldWatch? watch = null)
    {
        var snapshot = await SnapshotAsync(view, version, cancellationToken).ConfigureAwait(false);
        if (snapshot is { } trusted && trusted.Fingerprint == StateFingerprint.Of(model.StateType) && Read(stream, model, trusted, watch) is { } state)
            return await FoldAsync(stream, view, model, state, view.SnapshotVersion, version, watch, cancellationToken).ConfigureAwait(false);
        try
        {
            return await FoldAsync(stream, view, model, null, 0, version, watch, cancellationToken).ConfigureAwait(false);
        }
        catch (DaybookException e) when (e.Code is ErrorCode.Truncated && snapshot is not null)
        {
            if (ReadFaithful(stream, model, snapshot.Value, watch) is not { } only)
                throw Unreadable(stream, view, model, e);
            return await FoldAsync(stream, view, model, only, view.SnapshotVersion, version, watch, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>A state to be used, of one that is kept.</summary>
    /// <exception cref="DaybookException">It cannot be read; the message names the stream.</exception>
    public static object? Open(string stream, StateForm form, object kept, FoldWatch watch)
    {
        watch.Enter(stream);
        try
        {
            return form.Open(kept);
        }
        catch (Exception e)
        {
            throw new DaybookException(e is DaybookException d ? d.Code : ErrorCode.HandlerFailed,
                $"The stored state of stream '{stream}' cannot be read: {ExceptionText.Of(e)}", e);
        }
        finally
        {
            watch.Leave();
        }
    }

    private async ValueTask<object?> FoldAsync(
        string stream, StreamView view, AggregateModel model, object? state, long folded, long version, FoldWatch? watch, CancellationToken cancellationToken)
    {
        await foreach (var recorded in ForwardsAsync(stream, view, folded + 1, cancellationToken).ConfigureAwait(false))
        {
            if (recorded.Version.Value > version)
                break;
            state = Fold(model, state, recorded, watch);
        }
        return state;
    }

    /// <summary>The newest snapshot; null when there is none that helps.</summary>
    private async ValueTask<StoredSnapshot?> SnapshotAsync(StreamView view, long version, CancellationToken cancellationToken)
    {
        if (view.Snapshot.IsNone || view.SnapshotVersion > version)
            return null;
        try
        {
            return await new RecordReader(journal).ReadSnapshotAsync(view.Snapshot, cancellationToken).ConfigureAwait(false);
        }
        catch (DaybookException e) when (e.Code is ErrorCode.Corrupted)
        {
            return null;
        }
    }

    private static object? Read(string stream, AggregateModel model, StoredSnapshot snapshot, FoldWatch? watch)
    {
        watch?.Enter(stream);
        try
        {
            return model.Form.ReadKept(snapshot.State);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return null;
        }
        finally
        {
            watch?.Leave();
        }
    }

    /// <summary>A snapshot of another shape of the state, if this shape loses nothing of it.</summary>
    private static object? ReadFaithful(string stream, AggregateModel model, StoredSnapshot snapshot, FoldWatch? watch)
    {
        watch?.Enter(stream);
        try
        {
            if (!model.Form.IsFaithful(snapshot.State))
                return null;
        }
        finally
        {
            watch?.Leave();
        }
        return Read(stream, model, snapshot, watch);
    }

    private static DaybookException Unreadable(string stream, StreamView view, AggregateModel model, DaybookException truncated) => new(ErrorCode.Truncated,
        $"The state of stream '{stream}' cannot be made: its first events were truncated, and its snapshot at version {view.SnapshotVersion} was written of " +
        $"another shape of '{model.StateType}' than the program has now. Give the type back the members it had, or read the book with the program that wrote it.",
        truncated);

    private object? Fold(AggregateModel model, object? state, RecordedEvent recorded, FoldWatch? watch)
    {
        watch?.Enter(recorded);
        try
        {
            model.TryFold(ref state, codec.Read(recorded.Type, recorded.Data.Span));
            return state;
        }
        catch (Exception e)
        {
            throw new DaybookException(e is DaybookException d ? d.Code : ErrorCode.HandlerFailed,
                $"Event {recorded.Version} ('{recorded.Type}') of stream '{recorded.Stream}' cannot be folded: {ExceptionText.Of(e)}", e);
        }
        finally
        {
            watch?.Leave();
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
