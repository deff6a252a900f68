using System.Buffers;
using System.Text.Json;
using Daybook.Projections;

namespace Daybook.Embedded.Sqlite;

/// <summary>The documents of one version of a projection: loaded as batches need them, folded in memory, written once a transaction.</summary>
internal sealed class SqliteDocuments<TDocument> : ISqliteDocuments
    where TDocument : class
{
    private readonly SqliteProjectionOptions _options;
    private readonly DocumentForm<TDocument> _form;
    private readonly DocumentFold<TDocument> _fold;
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly Dictionary<string, long> _stored = new(StringComparer.Ordinal); // the checksums of documents that are there
    private readonly string _table;
    private readonly string _select;
    private readonly string _upsert;
    private readonly string _delete;

    /// <exception cref="DaybookException"><see cref="ErrorCode.InvalidArgument"/>: JSON loses a member of the documents.</exception>
    internal SqliteDocuments(ProjectionId projection, IDocumentProjection<TDocument> code, SqliteProjectionOptions options)
    {
        _options = options;
        _form = new DocumentForm<TDocument>(options.Json);
        _fold = new DocumentFold<TDocument>(projection, code, _form);
        _table = SqliteSchema.TableOf(projection);
        _select = $"SELECT document, checksum FROM {_table} WHERE key = ?1";
        _upsert = $"INSERT INTO {_table} (key, document, checksum) VALUES (?1, ?2, ?3) " +
            "ON CONFLICT DO UPDATE SET document = excluded.document, checksum = excluded.checksum";
        _delete = $"DELETE FROM {_table} WHERE key = ?1";
    }

    /// <summary>Folds the events of a batch from the checkpoint on.</summary>
    internal void Fold(SqliteSession session, ProjectionBatch batch, JournalOffset checkpoint)
    {
        var select = session[_select];
        foreach (var slot in _fold.Plan(batch, checkpoint))
        {
            if (select.Bind(1, slot.Key).Step())
            {
                _stored[slot.Key] = select.Int64(1);
                slot.Load(Parse(select.Utf8(0), select.Int64(1), slot.Key));
            }
            select.Reset();
        }
        _fold.Apply();
    }

    public void Write(SqliteSession session)
    {
        var (documents, sum) = (0L, 0L);
        foreach (var slot in _fold.Slots.OrderBy(s => s.Key, StringComparer.Ordinal)) // neighbours in the tree follow each other
        {
            if (slot.Existed)
                (documents, sum) = (documents - 1, sum - _stored[slot.Key]);
            if (slot.Document is not null)
            {
                var json = Json(slot);
                var checksum = SqliteChecksum.Of(slot.Key, json);
                session[_upsert].Bind(1, slot.Key).Bind(2, json).Bind(3, checksum).Run();
                (documents, sum) = (documents + 1, sum + checksum);
            }
            else if (slot.Existed)
                session[_delete].Bind(1, slot.Key).Run();
        }
        SqliteContents.Add(session, _table, documents, sum);
    }

    public void Clear()
    {
        _fold.Clear();
        _stored.Clear();
    }

    /// <summary>Reads a stored document.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.Corrupted"/>: it does not have its checksum, or is not of the type.</exception>
    internal TDocument Parse(ReadOnlySpan<byte> json, long checksum, string key)
    {
        if (checksum != SqliteChecksum.Of(key, json))
            throw SqliteErrors.Corrupted(_options.Path, $"is damaged: the document '{key}' in table {_table} does not have its checksum");
        try
        {
            return JsonSerializer.Deserialize<TDocument>(json, _options.Json) ?? throw BadDocument(key, null);
        }
        catch (Exception error) when (error is JsonException or NotSupportedException or InvalidOperationException or ArgumentException)
        {
            throw BadDocument(key, error);
        }
    }

    private ReadOnlySpan<byte> Json(DocumentSlot<TDocument> slot)
    {
        try
        {
            _buffer.ResetWrittenCount();
            _form.Write(slot.Document!, _buffer);
            return _buffer.WrittenSpan;
        }
        catch (Exception error)
        {
            throw _fold.Poison(slot.ChangedBy!, error);
        }
    }

    private DaybookException BadDocument(string key, Exception? error) => SqliteErrors.BadDocument(_options.Path, _table, key, typeof(TDocument), error);
}
