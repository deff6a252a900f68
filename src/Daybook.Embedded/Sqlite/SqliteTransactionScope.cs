namespace Daybook.Embedded.Sqlite;

/// <summary>The open write transaction: its connection, and the documents that are written just before the commit.</summary>
internal sealed class SqliteTransactionScope(SqliteSession session)
{
    private readonly List<ISqliteDocuments> _changed = [];

    internal SqliteSession Session => session;

    /// <summary>Has changed documents written before the commit, once however many batches changed them.</summary>
    internal void WriteLater(ISqliteDocuments documents)
    {
        if (!_changed.Contains(documents))
            _changed.Add(documents);
    }

    internal void WriteChanged()
    {
        foreach (var documents in _changed)
            documents.Write(session);
    }

    /// <summary>Forgets the documents, written or not.</summary>
    internal void Clear()
    {
        foreach (var documents in _changed)
            documents.Clear();
        _changed.Clear();
    }
}

/// <summary>Documents of one projection that the open transaction has loaded or changed.</summary>
internal interface ISqliteDocuments
{
    void Write(SqliteSession session);

    void Clear();
}
