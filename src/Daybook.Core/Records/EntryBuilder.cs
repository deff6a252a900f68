namespace Daybook.Core.Records;

/// <summary>The open batch: records are encoded straight into the bytes that the ledger will write.</summary>
internal sealed class EntryBuilder : IDisposable
{
    private int _recordStart;

    /// <param name="ledger">The ledger the entry goes to.</param>
    /// <param name="entry">Its ordinal there.</param>
    /// <param name="first">The offset of its first record.</param>
    /// <param name="encoder">An empty buffer; it belongs to the builder from now on.</param>
    public EntryBuilder(LedgerId ledger, uint entry, JournalOffset first, RecordEncoder encoder)
    {
        (Ledger, Entry, First) = (ledger, entry, first);
        Encoder = encoder;
        Encoder.GetSpan(EntryFrame.HeaderBytes)[..EntryFrame.HeaderBytes].Clear();
        Encoder.Advance(EntryFrame.HeaderBytes);
    }

    public LedgerId Ledger { get; }

    public uint Entry { get; }

    public JournalOffset First { get; }

    public RecordEncoder Encoder { get; }

    public int Count { get; private set; }

    /// <summary>The offset the next record will have.</summary>
    public JournalOffset Next => First.Plus(Count);

    public ReadOnlyMemory<byte> Bytes => Encoder.WrittenMemory;

    /// <summary>Starts a record.</summary>
    /// <returns>Where it will stand.</returns>
    public Location Begin(RecordKind kind)
    {
        _recordStart = Encoder.BeginLength();
        Encoder.WriteByte((byte)kind);
        return new Location(Ledger, Entry, _recordStart);
    }

    /// <summary>Finishes the record begun last.</summary>
    /// <returns>Its offset.</returns>
    public JournalOffset Complete()
    {
        Encoder.EndLength(_recordStart);
        return First.Plus(Count++);
    }

    /// <summary>Forgets the record begun last.</summary>
    public void Abandon() => Encoder.Rewind(_recordStart);

    /// <summary>The size the record begun last has by now.</summary>
    public int RecordBytes => Encoder.Length - _recordStart;

    public void Seal(Epoch epoch) =>
        new EntryFrame(epoch, First, Count).Seal(Encoder.Slice(0, Encoder.Length));

    public void Dispose() => Encoder.Dispose();
}
