namespace Daybook.Core.Records;

/// <summary>A record being written: committed, or else gone without a trace when the scope ends.</summary>
internal ref struct RecordScope
{
    private readonly EntryBuilder _entry;
    private readonly int _limit;
    private readonly Location _at;
    private bool _committed;

    public RecordScope(EntryBuilder entry, RecordKind kind, int limit)
    {
        (_entry, _limit) = (entry, limit);
        _at = entry.Begin(kind);
    }

    public readonly RecordEncoder Encoder => _entry.Encoder;

    /// <summary>Keeps the record.</summary>
    /// <returns>Where it stands.</returns>
    /// <exception cref="DaybookException"><see cref="ErrorCode.TooLarge"/>.</exception>
    public Location Commit()
    {
        if (_entry.RecordBytes > _limit)
            throw new DaybookException(ErrorCode.TooLarge,
                $"The record of this command has {_entry.RecordBytes} bytes; the limit is {_limit} (option MaxRecordBytes).");
        _entry.Complete();
        _committed = true;
        return _at;
    }

    public readonly void Dispose()
    {
        if (!_committed)
            _entry.Abandon();
    }
}
