using System.Text.Json;
using Daybook.Postgres.Schema;
using Daybook.Postgres.Writing;
using Daybook.Projections;
using Npgsql;

namespace Daybook.Postgres.Documents;

/// <summary>One version of a document projection: a table of keys and documents.</summary>
internal sealed class DocumentTarget<TDocument>(PostgresDatabase database, ProjectionId projection, IDocumentProjection<TDocument> code) : IProjectionTarget
    where TDocument : class
{
    // jsonb does not keep the order of properties, and the discriminator of a type would have to come first.
    private readonly JsonSerializerOptions _json = new(database.Options.Json) { AllowOutOfOrderMetadataProperties = true };

    public ProjectionId Projection => projection;

    public string Kind => "document";

    public string Shape { get; } = ProjectionShape.OfDocument(code.GetType(), typeof(TDocument));

    public string Table { get; } = ProjectionVersions.QualifiedTableOf(database, projection);

    internal PostgresDatabase Database => database;

    public async ValueTask CreateAsync(NpgsqlConnection connection, CancellationToken cancellationToken) => await connection.ExecuteAsync(
        $"create table {Table} (key text collate \"C\" not null primary key, document jsonb not null) with (fillfactor = 70)",
        cancellationToken).ConfigureAwait(false);

    public IPartitionFold NewFold() => new DocumentPartitionFold<TDocument>(this, new DocumentFold<TDocument>(projection, code));

    internal byte[] Write(TDocument document) => JsonSerializer.SerializeToUtf8Bytes(document, _json);

    /// <summary>Reads a stored document.</summary>
    internal TDocument Parse(byte[] json, string key)
    {
        try
        {
            return JsonSerializer.Deserialize<TDocument>(json, _json) ?? throw BadDocument(key, null);
        }
        catch (Exception error) when (error is JsonException or NotSupportedException or InvalidOperationException or ArgumentException)
        {
            throw BadDocument(key, error);
        }
    }

    private DaybookException BadDocument(string key, Exception? error) => PostgresErrors.BadDocument(database, Table, key, typeof(TDocument), error);
}
