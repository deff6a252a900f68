using System.Buffers;
using System.Text.Json;
using Daybook.Postgres.Builds;
using Daybook.Postgres.Queries;
using Daybook.Postgres.Schema;
using Daybook.Postgres.Verifying;
using Daybook.Postgres.Writing;
using Daybook.Projections;
using Npgsql;

namespace Daybook.Postgres.Documents;

/// <summary>One build of a document projection: a table of keys and documents.</summary>
internal sealed class DocumentTarget<TDocument> : IProjectionTarget
    where TDocument : class
{
    private readonly PostgresDatabase _database;
    private readonly IDocumentProjection<TDocument> _code;
    private readonly DocumentForm<TDocument> _form;
    private readonly List<string> _indexed;

    /// <exception cref="DaybookException"><see cref="ErrorCode.InvalidArgument"/>: a property chosen for an index cannot be
    /// indexed.</exception>
    internal DocumentTarget(PostgresDatabase database, BuildKey build, IDocumentProjection<TDocument> code)
    {
        (_database, Build, _code) = (database, build, code);
        Json = WithTypes(database.Options.Json);
        _form = new DocumentForm<TDocument>(Json, JsonbText.Of);
        Shape = ProjectionShape.OfDocument(code.GetType(), typeof(TDocument));
        Table = BuildKey.Qualified(database.Schema, build.Table);
        View = BuildKey.Qualified(database.Schema, build.LiveView);
        Events = build.IsShadow ? ShadowEvents.Upsert(database.Schema, build, "key", "select * from unnest($1, $2)") : null;
        _indexed = [.. ((code as IIndexedDocuments<TDocument>)?.Indexed ?? []).Select(p => DocumentProperty.Of(p, Json).Indexable)];
    }

    /// <summary>How documents are written and read.</summary>
    internal JsonSerializerOptions Json { get; }

    public BuildKey Build { get; }

    public string Kind => "document";

    public string Shape { get; }

    public string Table { get; }

    /// <summary>For a shadow, writes the event that last changed a document; null for other builds.</summary>
    internal string? Events { get; }

    /// <summary>The view that readers of the version read; it shows the current build.</summary>
    internal string View { get; }

    internal PostgresDatabase Database => _database;

    public async ValueTask CreateAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync(
            $"create table {Table} (key text collate \"C\" not null primary key, document jsonb not null) with (fillfactor = 70)", cancellationToken).ConfigureAwait(false);
        if (Build.IsShadow)
        {
            await connection.ExecuteAsync(ShadowEvents.Create(_database.Schema, Build, ["key text collate \"C\" not null"], "key"), cancellationToken).ConfigureAwait(false);
            return;
        }
        foreach (var expression in _indexed)
            await connection.ExecuteAsync($"create index on {Table} ({expression})", cancellationToken).ConfigureAwait(false);
    }

    public IPartitionFold NewFold() => new DocumentPartitionFold<TDocument>(this, new DocumentFold<TDocument>(
        Build.Projection, Build.Sample is { } percent and < 100 ? new SampledProjection<TDocument>(_code, percent) : _code, _form));

    public IProjectionTarget Of(BuildKey other) => new DocumentTarget<TDocument>(_database, other, _code);

    internal byte[] Write(TDocument document)
    {
        var json = new ArrayBufferWriter<byte>();
        _form.Write(document, json);
        return json.WrittenSpan.ToArray();
    }

    /// <summary>Reads a stored document.</summary>
    internal TDocument Parse(byte[] json, string key)
    {
        try
        {
            return JsonSerializer.Deserialize<TDocument>(json, Json) ?? throw BadDocument(key, null);
        }
        catch (Exception error) when (error is not DaybookException)
        {
            throw BadDocument(key, error);
        }
    }

    // jsonb does not keep the order of properties, so a type discriminator need not come first.
    private static JsonSerializerOptions WithTypes(JsonSerializerOptions given)
    {
        var options = new JsonSerializerOptions(given) { AllowOutOfOrderMetadataProperties = true };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    private DaybookException BadDocument(string key, Exception? error) => PostgresErrors.BadDocument(_database, Table, key, typeof(TDocument), error);
}
