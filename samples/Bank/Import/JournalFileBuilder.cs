using Bank.Entries;

namespace Bank.Import;

/// <summary>Groups the rows of a file into transactions.</summary>
internal sealed class JournalFileBuilder(string path)
{
    private readonly Dictionary<string, TransactionDraft> _byId = new(StringComparer.Ordinal);
    private readonly List<TransactionDraft> _drafts = [];
    private CsvHeader? _header;
    private JournalDialect? _dialect;

    public void Add(CsvRecord record)
    {
        if (_header is null || _dialect is null)
        {
            (_dialect, _header) = (JournalDialect.Of(record), new CsvHeader(record));
            return;
        }
        if (_dialect.Parse(new CsvRow(_header, record)) is not { } row)
            return;
        if (!_byId.TryGetValue(row.Transaction, out var draft))
        {
            draft = new TransactionDraft(row);
            _byId.Add(row.Transaction, draft);
            _drafts.Add(draft);
        }
        draft.Add(row);
    }

    public JournalFile Build()
    {
        if (_dialect is null)
            throw new JournalFormatException(new CsvPlace(path, 1), null, "the file is empty; a header was expected");
        var notes = _dialect.Finish();
        var identity = new EntryIdentity();
        return new JournalFile(path, [.. _drafts.Select(draft => Entry(draft, identity))], notes);
    }

    private static ImportedEntry Entry(TransactionDraft draft, EntryIdentity identity)
    {
        var postings = draft.BalancedPostings();
        var id = identity.Next(draft.Date, draft.Description, draft.Postings);
        return new ImportedEntry(draft.Place, new Post(id, draft.Date, draft.Description, postings));
    }
}
