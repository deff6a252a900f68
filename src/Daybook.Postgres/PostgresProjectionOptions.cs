using System.Globalization;
using System.Text;
using System.Text.Json;
using Npgsql;

namespace Daybook.Postgres;

/// <summary>Where and how read models are kept in PostgreSQL. Copied when the sink is made.</summary>
public sealed record PostgresProjectionOptions
{
    /// <summary>The greatest length of a schema's name.</summary>
    public const int MaxSchemaLength = 40;

    /// <summary>
    /// The smallest allowed <c>Maximum Pool Size</c>: one connection always listens for orders, and one reads and writes. With few
    /// connections, projections and readers wait for each other; a book uses about one for each busy pair of projection and partition.
    /// </summary>
    public const int MinPoolSize = 2;

    /// <summary>The Npgsql connection string: <c>Host=…;Database=…;Username=…;Password=…</c>. Required. Not part of
    /// <see cref="ToString"/>.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>
    /// The schema that holds everything, one per book. Letters a-z, digits and underscores, starting with a letter, at most
    /// <see cref="MaxSchemaLength"/>; reserved words of SQL are allowed. Created if it does not exist and the user has the right. Default
    /// <c>daybook</c>.
    /// </summary>
    public string Schema { get; init; } = "daybook";

    /// <summary>
    /// How documents are written as JSON; decimals are always exact. Default: the defaults of System.Text.Json. Other options may
    /// make existing documents unreadable; the projection then needs a new version.
    /// </summary>
    public JsonSerializerOptions Json { get; init; } = JsonSerializerOptions.Default;

    /// <summary>
    /// Whether each transaction waits for the device. If false, a crash of the server may undo the last transactions, rows and checkpoints
    /// together, and they are repeated from the journal; claims and flushes always wait. Default false.
    /// </summary>
    public bool SynchronousCommit { get; init; }

    /// <summary>How often a batch that conflicted with another in a row is repeated before the call fails; from 0. Default 10.</summary>
    public int ConflictRetries { get; init; } = 10;

    /// <summary>
    /// The share of one processor that all builds of a node together may use while they are filled beside the ones that are shown, from
    /// more than 0 to 1. A smaller share slows live projections less. Default 0.25.
    /// </summary>
    public double RebuildShare { get; init; } = 0.25;

    /// <summary>Checks the values.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.InvalidArgument"/>; the message names the option.</exception>
    public void Validate()
    {
        Require(!string.IsNullOrWhiteSpace(ConnectionString), nameof(ConnectionString), "must be an Npgsql connection string");
        Require(IsSchema(Schema), nameof(Schema), $"is '{Schema}'; letters a-z, digits and underscores are allowed, starting with a letter, at most {MaxSchemaLength}");
        Require(Json is not null, nameof(Json), "is null; leave it out for the defaults");
        Require(ConflictRetries >= 0, nameof(ConflictRetries), "must not be negative");
        Require(RebuildShare is > 0 and <= 1, nameof(RebuildShare), "must be more than 0 and at most 1");
        var source = Parse();
        Require(!string.IsNullOrEmpty(source.Host), nameof(ConnectionString), "names no Host");
        Require(!source.Pooling || source.MaxPoolSize >= MinPoolSize, nameof(ConnectionString), string.Create(
            CultureInfo.InvariantCulture, $"has Maximum Pool Size={source.MaxPoolSize}; at least {MinPoolSize} connections are required, better one per busy projection"));
    }

    /// <summary>The connection string, with this sink's defaults for settings that it does not contain.</summary>
    internal NpgsqlConnectionStringBuilder Parse()
    {
        try
        {
            var source = new NpgsqlConnectionStringBuilder(ConnectionString);
            if (!source.ContainsKey("Max Auto Prepare"))
                source.MaxAutoPrepare = 100;
            source.ApplicationName ??= "daybook";
            return source;
        }
        catch (Exception error) when (error is ArgumentException or FormatException)
        {
            throw NoConnectionString(error);
        }
    }

    /// <summary>Connections to the database.</summary>
    internal NpgsqlDataSource Source()
    {
        try
        {
            return new NpgsqlDataSourceBuilder(Parse().ConnectionString).Build();
        }
        catch (Exception error) when (error is ArgumentException or FormatException or NotSupportedException or InvalidOperationException)
        {
            throw NoConnectionString(error);
        }
    }

    private bool PrintMembers(StringBuilder text)
    {
        text.Append(CultureInfo.InvariantCulture, $"{nameof(ConnectionString)} = (not shown), {nameof(Schema)} = {Schema}");
        text.Append(CultureInfo.InvariantCulture, $", {nameof(SynchronousCommit)} = {SynchronousCommit}, {nameof(ConflictRetries)} = {ConflictRetries}");
        text.Append(CultureInfo.InvariantCulture, $", {nameof(RebuildShare)} = {RebuildShare}");
        return true;
    }

    // Text that Npgsql does not understand may be the rest of an unquoted password, so the message repeats neither the string nor Npgsql's
    // error.
    private DaybookException NoConnectionString(Exception error)
    {
        var hasSecret = ConnectionString.Contains("pass", StringComparison.OrdinalIgnoreCase) || ConnectionString.Contains("pwd", StringComparison.OrdinalIgnoreCase)
            || ConnectionString.Contains("://", StringComparison.Ordinal);
        return new DaybookException(ErrorCode.InvalidArgument,
            $"{nameof(PostgresProjectionOptions)}.{nameof(ConnectionString)} is not a valid Npgsql connection string; write Host=…;Database=…;Username=…;Password=…" +
            (hasSecret ? ". Quote a password that contains ';', '=' or quotation marks." : $": {error.Message}"), hasSecret ? null : error);
    }

    private static bool IsSchema(string? name) =>
        name?.Length is > 0 and <= MaxSchemaLength && char.IsAsciiLetterLower(name[0])
        && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_') && !name.StartsWith("pg_", StringComparison.Ordinal);

    private static void Require(bool holds, string option, string rule)
    {
        if (!holds)
            throw new DaybookException(ErrorCode.InvalidArgument, $"{nameof(PostgresProjectionOptions)}.{option} {rule}.");
    }
}
