using Daybook.Postgres.Verifying;
using Daybook.Postgres.Writing;
using Daybook.Projections;
using Npgsql;
using NpgsqlTypes;

namespace Daybook.Postgres.Documents;

/// <summary>The documents that a batch changes: loaded with one statement, folded in memory, written with one statement.</summary>
internal sealed class DocumentPartitionFold<TDocument>(DocumentTarget<TDocument> target, DocumentFold<TDocument> fold) : IPartitionFold
    where TDocument : class
{
    private readonly string _load = $"select key, document from {target.Table} where key = any($1)";
    private readonly string _delete = $"delete from {target.Table} where key = any($1)";
    private readonly string _upsert =
        $"insert into {target.Table} as t (key, document) select * from unnest($1, $2) on conflict (key) do update set document = excluded.document";

    private readonly Dictionary<string, DocumentSlot<TDocument>> _loading = new(StringComparer.Ordinal);

    public void Plan(ProjectionBatch batch, JournalOffset from)
    {
        _loading.Clear();
        foreach (var slot in fold.Plan(batch, from))
            _loading.Add(slot.Key, slot);
    }

    public NpgsqlBatchCommand? Load() => _loading.Count == 0 ? null : Keyed(_load, [.. _loading.Keys]);

    public async ValueTask LoadedAsync(NpgsqlDataReader rows, CancellationToken cancellationToken)
    {
        while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            var key = rows.GetString(0);
            _loading[key].Load(target.Parse(rows.GetFieldValue<byte[]>(1), key));
        }
    }

    public ValueTask FoldAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        fold.Apply();
        return ValueTask.CompletedTask;
    }

    public IEnumerable<NpgsqlBatchCommand> Writes()
    {
        var (keys, documents, gone) = (new List<string>(fold.Slots.Count), new List<byte[]>(fold.Slots.Count), new List<string>());
        foreach (var slot in Ordered())
        {
            if (slot.Document is not null)
            {
                keys.Add(slot.Key);
                documents.Add(Json(slot));
            }
            else if (slot.Existed)
            {
                gone.Add(slot.Key);
            }
        }
        if (keys.Count > 0)
        {
            yield return Upsert(keys, documents);
        }
        if (gone.Count > 0)
            yield return Keyed(_delete, gone);
        if (target.Events is { } events && Changed() is { Count: > 0 } changed)
        {
            var command = Keyed(events, [.. changed.Select(s => s.Key)]);
            command.Parameters.Add(ShadowEvents.Values(changed.Select(s => s.ChangedBy!)));
            yield return command;
        }
    }

    /// <summary>The server does not name the row that it refused, so each document is written alone, and rolled back.</summary>
    public async ValueTask<PoisonEventException?> BlameAsync(NpgsqlConnection connection, Exception refused, CancellationToken cancellationToken)
    {
        foreach (var slot in Ordered().Where(s => s is { Document: not null, ChangedBy: not null }))
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
            await using var probe = new NpgsqlBatch(connection) { BatchCommands = { Upsert([slot.Key], [Json(slot)]) } };
            try
            {
                await probe.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (PostgresException error) when (PostgresErrors.IsBadValue(error))
            {
                var what = $"the document '{slot.Key}' cannot be stored as jsonb or indexed: {error.MessageText}";
                return fold.Poison(slot.ChangedBy!, new DaybookException(ErrorCode.InvalidArgument, what, error));
            }
        }
        return null;
    }

    public void Clear()
    {
        fold.Clear();
        _loading.Clear();
    }

    private List<DocumentSlot<TDocument>> Changed() => [.. Ordered().Where(s => s.ChangedBy is not null)];

    // Transactions that lock rows in one order cannot deadlock.
    private DocumentSlot<TDocument>[] Ordered()
    {
        DocumentSlot<TDocument>[] slots = [.. fold.Slots];
        Array.Sort(slots, static (x, y) => string.CompareOrdinal(x.Key, y.Key));
        return slots;
    }

    private byte[] Json(DocumentSlot<TDocument> slot)
    {
        try
        {
            return target.Write(slot.Document!);
        }
        catch (Exception error)
        {
            throw fold.Poison(slot.ChangedBy!, error);
        }
    }

    private NpgsqlBatchCommand Upsert(List<string> keys, List<byte[]> documents)
    {
        var upsert = Keyed(_upsert, keys);
        upsert.Parameters.Add(new NpgsqlParameter<List<byte[]>> { TypedValue = documents, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb });
        return upsert;
    }

    private static NpgsqlBatchCommand Keyed(string sql, List<string> keys) =>
        new(sql) { Parameters = { new NpgsqlParameter<List<string>> { TypedValue = keys, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text } } };
}
