using Daybook.Core.Records;

namespace Daybook.Core.Partitions;

/// <summary>The open batch and those in flight, in order.</summary>
internal sealed class BatchQueue
{
    private const int InitialCapacity = 4 * 1024;
    private const int BuffersKept = 128;
    private readonly List<Batch> _inFlight = [];
    private readonly Stack<RecordEncoder> _buffers = [];
    private LedgerId _ledger;

    public BatchQueue(LedgerId ledger, JournalOffset next)
    {
        _ledger = ledger;
        Open = new Batch(1, new EntryBuilder(ledger, 0, next, Buffer()), null);
    }

    /// <summary>Records are written here.</summary>
    public Batch Open { get; private set; }

    public int InFlight => _inFlight.Count;

    /// <summary>Batches sealed and not yet durable, oldest first.</summary>
    public IReadOnlyList<Batch> Pending => _inFlight;

    /// <summary>The number of the last durable batch.</summary>
    public long Durable { get; private set; }

    /// <summary>Bytes written to the present ledger.</summary>
    public long LedgerBytes { get; private set; }

    /// <summary>Closes the open batch and begins the next.</summary>
    public Batch Seal(Epoch epoch)
    {
        var batch = Open;
        batch.Entry.Seal(epoch);
        _inFlight.Add(batch);
        LedgerBytes += batch.Entry.Bytes.Length;
        Open = new Batch(batch.Number + 1, new EntryBuilder(_ledger, batch.Entry.Entry + 1, batch.Entry.Next, Buffer()), batch);
        return batch;
    }

    /// <summary>Takes the oldest batch out of flight.</summary>
    public Batch Complete()
    {
        var batch = _inFlight[0];
        _inFlight.RemoveAt(0);
        Durable = batch.Number;
        return batch;
    }

    /// <summary>Takes back the buffer of a batch that nobody needs any more.</summary>
    public void Recycle(Batch batch)
    {
        var buffer = batch.Entry.Encoder;
        if (_buffers.Count == BuffersKept)
        {
            buffer.Dispose();
            return;
        }
        buffer.Rewind(0);
        _buffers.Push(buffer);
    }

    /// <summary>The batch of a number that is not durable yet.</summary>
    public Batch this[long number] => number == Open.Number ? Open : _inFlight[(int)(number - _inFlight[0].Number)];

    /// <summary>The batch that holds a record which is not durable yet; null when it is.</summary>
    public Batch? Holding(Location at)
    {
        if (at.Ledger != _ledger)
            return null;
        if (at.Entry == Open.Entry.Entry)
            return Open;
        var index = _inFlight.Count == 0 ? -1 : (int)((long)at.Entry - _inFlight[0].Entry.Entry);
        return index >= 0 ? _inFlight[index] : null;
    }

    /// <summary>Goes on in another ledger; nothing may be open or in flight.</summary>
    public void Roll(LedgerId ledger)
    {
        if (_inFlight.Count > 0 || Open.HasRecords)
            throw new InvalidOperationException("A journal is rolled only between entries.");
        Open.Entry.Dispose();
        (_ledger, LedgerBytes) = (ledger, 0);
        Open = new Batch(Open.Number, new EntryBuilder(ledger, 0, Open.Entry.First, Buffer()), null);
    }

    private RecordEncoder Buffer() => _buffers.TryPop(out var buffer) ? buffer : new RecordEncoder(InitialCapacity);
}
