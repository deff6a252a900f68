namespace Daybook.Projections;

/// <summary>A document on its way through a fold: loaded once, changed by any number of events, written back once.</summary>
/// <typeparam name="TDocument">The document type.</typeparam>
public sealed class DocumentSlot<TDocument>(string key)
    where TDocument : class
{
    /// <summary>The document's key.</summary>
    public string Key { get; } = key;

    /// <summary>The document as of the last event applied; null when there is none.</summary>
    public TDocument? Document { get; internal set; }

    /// <summary>True when the sink held the document before the fold.</summary>
    public bool Existed { get; private set; }

    /// <summary>The last event that changed the document: the one to blame when it cannot be written. Null when none did.</summary>
    public RecordedEvent? ChangedBy { get; internal set; }

    internal int PlannedFor { get; set; } = -1;

    /// <summary>Called by the sink with what it holds, before any event is applied.</summary>
    public void Load(TDocument? document)
    {
        Document = document;
        Existed = document is not null;
    }
}
