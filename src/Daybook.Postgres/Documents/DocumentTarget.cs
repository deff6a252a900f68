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
internal sealed class DocumentTarget<TDocument>(PostgresDatabase database, BuildKey build, IDocumentProjection<TDocument> code) : IProjectionTarget
    where TDocument : class
{
    /// <summary>How documents are written and read.</summary>
    internal JsonSerializerOptions Json { get; } = WithTypes(database.Options.Json);

    public BuildKey Build => build;

    public string Kind => "document";

    public string Shape { get; } = ProjectionShape.OfDocument(code.GetType(), typeof(TDocument));

    public string Table { get; } = BuildKey.Qualified(database.Schema, build.Table);

    /// <summary>Writes what changed a document last, of a shadow; null for others.</summary>
    internal string? Events { get; } = build.IsShadow ? ShadowEvents.Upsert(database.Schema, build, ["key"]) : null;

    /// <summary>What readers of the version read, whichever build it shows.</summary>
    internal string View { get; } = BuildKey.Qualified(database.Schema, build.LiveView);

    internal PostgresDatabase Database => database;

    public async ValueTask CreateAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync(
            $"create table {Table} (key text collate \"C\" not null primary key, document jsonb not null) with (fillfactor = 70)", cancellationToken).ConfigureAwait(false);
        if (build.IsShadow)
        {
            await connection.ExecuteAsync(ShadowEvents.Create(database.Schema, build, ["key text collate \"C\" not null"], "key"), cancellationToken).ConfigureAwait(false);
            return;
        }
        foreach (var property in (code as IIndexedDocuments<TDocument>)?.Indexed ?? [])
            await connection.ExecuteAsync($"create index on {Table} ({DocumentProperty.Of(property, Json).Indexable})", cancellationToken).ConfigureAwait(false);
    }

    public IPartitionFold NewFold() => new DocumentPartitionFold<TDocument>(this, new DocumentFold<TDocument>(
        build.Projection, build.Sample is { } percent and < 100 ? new SampledProjection<TDocument>(code, percent) : code));

    public IProjectionTarget Of(BuildKey other) => new DocumentTarget<TDocument>(database, other, code);

    internal byte[] Write(TDocument document) => JsonSerializer.SerializeToUtf8Bytes(document, Json);

    /// <summary>Reads a stored document.</summary>
    internal TDocument Parse(byte[] json, string key)
    {
        try
        {
            return JsonSerializer.Deserialize<TDocument>(json, Json) ?? throw BadDocument(key, null);
        }
        catch (Exception error) when (error is JsonException or NotSupportedException or InvalidOperationException or ArgumentException)
        {
            throw BadDocument(key, error);
        }
    }

    // jsonb does not keep the order of properties, and the discriminator of a type would have to come first.
    private static JsonSerializerOptions WithTypes(JsonSerializerOptions given)
    {
        var options = new JsonSerializerOptions(given) { AllowOutOfOrderMetadataProperties = true };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    private DaybookException BadDocument(string key, Exception? error) => PostgresErrors.BadDocument(database, Table, key, typeof(TDocument), error);
}
