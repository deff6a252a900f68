using Daybook.BookKeeper.Wire;
using Daybook.BookKeeper.Wire.V2;

namespace Daybook.Bookie.Serving;

internal sealed partial class LedgerService
{
    /// <summary>The part of a batch's size budget that is not entries, in bytes.</summary>
    private const int BatchOverhead = 36;

    private const int EntryOverhead = 4;

    /// <summary>The maximum size of a batch, regardless of the request.</summary>
    public int MaxBatchBytes { get; init; } = Frames.DefaultMaxSize;

    /// <summary>Reads consecutive entries, up to the first missing one.</summary>
    public void BatchRead(Caller caller, BatchReadRequest request, bool isFencing)
    {
        var batch = new Batch(caller, request, Math.Min(request.MaxBytes, MaxBatchBytes));
        if (!isFencing)
        {
            Go(batch);
            return;
        }
        Fence(request.Ledger, request.FencingKey.Span, status =>
        {
            if (status == BookieStatus.Ok)
                Go(batch);
            else
                batch.Answer(status);
        });
    }

    private void Go(Batch batch)
    {
        var expected = Math.Max(0, (int)Math.Min(batch.Budget, MaxBatchBytes));
        batch.Caller.Output.Expect(expected);
        Go(batch, expected);
    }

    private void Go(Batch batch, int expected)
    {
        BookieStatus? status;
        do
        {
            var entry = batch.NextEntry;
            status = Look(batch.Request.Ledger, entry, out var body, out var block);
            if (status is null)
            {
                Fetch(block, isRead =>
                {
                    if (isRead || IsElsewhere(batch.Request.Ledger, entry, block))
                        Go(batch, expected);
                    else if (!batch.Take(BookieStatus.IoError, default))
                        batch.Caller.Output.Expect(-expected);
                });
                return;
            }
            if (!batch.Take(status.Value, body))
                status = null;
        }
        while (status is not null);
        batch.Caller.Output.Expect(-expected);
    }

    private sealed class Batch(Caller caller, BatchReadRequest request, long budget)
    {
        private readonly List<ReadOnlyMemory<byte>> _entries = [];
        private long _size = BatchOverhead;

        public Caller Caller => caller;

        public BatchReadRequest Request => request;

        public long Budget => budget;

        public EntryId NextEntry => new(request.First.Value + _entries.Count);

        /// <summary>Adds the next entry, or answers.</summary>
        /// <returns>Whether there is more to come.</returns>
        public bool Take(BookieStatus status, ReadOnlyMemory<byte> body)
        {
            _size += body.Length + EntryOverhead;
            var isFirst = _entries.Count == 0;
            if (status == BookieStatus.Ok && (isFirst || _size <= budget))
            {
                _entries.Add(body.ToArray());
                if (_entries.Count != request.MaxCount)
                    return true;
            }
            Answer(isFirst ? status : BookieStatus.Ok);
            return false;
        }

        public void Answer(BookieStatus status) =>
            caller.BatchRead(new BatchReadResponse(status, request.Ledger, request.First, request.Request, _entries));
    }
}
