using System.Diagnostics;
using System.Runtime.CompilerServices;
using Daybook.Core.Modeling;
using Daybook.Core.Partitions;
using Daybook.Core.Partitions.Work;

namespace Daybook;

/// <summary>The event store of a book.</summary>
internal sealed class BookStreams(BookModel model, PartitionRouter router, AdmissionLimit admission, int maxRecordBytes) : IEventStore
{
    public ValueTask<Outcome> AppendAsync(
        StreamId stream,
        ExpectedVersion expected,
        ReadOnlyMemory<EventData> events,
        CommandId id,
        CommandOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<Outcome>(cancellationToken);
        try
        {
            var given = RequestCheck.Command(id, options);
            RequestCheck.Stream(stream);
            RequestCheck.Events(events.Span, maxRecordBytes);
            var (target, fingerprint) = (new Target(stream, model.AggregateOf(stream)!, false), CommandFingerprint.Of(stream, events.Span));
            var work = new AppendWork(target, expected, Decided(events.Span), fingerprint, id, given, Activity.Current?.Id);
            work.Enter(admission);
            router.Post(router.Map.Of(stream), work);
            return work.Task;
        }
        catch (DaybookException e)
        {
            return ValueTask.FromException<Outcome>(e);
        }
    }

    public async IAsyncEnumerable<RecordedEvent> ReadAsync(
        StreamId stream,
        StreamVersion? from = null,
        ReadDirection direction = ReadDirection.Forwards,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RequestCheck.Stream(stream);
        if (!Enum.IsDefined(direction))
            throw new DaybookException(ErrorCode.InvalidArgument, $"A stream is read forwards or backwards; {direction} is neither.");
        var work = new ReadWork(stream, null);
        var owner = router.OwnerOf(router.Map.Of(stream));
        work.Enter(admission);
        owner.Post(work);
        var view = await work.AnswerAsync(cancellationToken).ConfigureAwait(false);
        using var ending = router.Closing.Link(cancellationToken);
        var events = direction == ReadDirection.Forwards
            ? owner.Streams.ForwardsAsync(stream.Value, view, Math.Max(from?.Value ?? 1, 1), ending.Token)
            : owner.Streams.BackwardsAsync(stream.Value, view, from?.Value ?? view.Version, ending.Token);
        var reading = new EndingReads<RecordedEvent>(events.GetAsyncEnumerator(CancellationToken.None), ending.Token, cancellationToken);
        await using var disposing = reading.ConfigureAwait(false);
        while (await reading.MoveNextAsync().ConfigureAwait(false))
            yield return reading.Current;
    }

    private static EventData Copy(EventData e) => e with { Data = e.Data.ToArray() };

    private static Decision Decided(ReadOnlySpan<EventData> events)
    {
        if (events.Length == 1)
            return Decision.Emit(Copy(events[0]));
        var copies = new List<object>(events.Length);
        foreach (var e in events)
            copies.Add(Copy(e));
        return Decision.EmitAll(copies);
    }
}
