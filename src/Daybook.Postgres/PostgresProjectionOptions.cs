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
    /// The least <c>Maximum Pool Size</c> of a connection string: one connection listens for orders all the time, and one writes and reads. With few
    /// connections projections and readers wait for each other; a book uses about one for each projection and partition that is busy.
    /// </summary>
    public const int MinPoolSize = 2;

    /// <summary>How to connect, as Npgsql writes it: <c>Host=…;Database=…;Username=…;Password=…</c>. Required. Not part of <see cref="ToString"/>.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>
    /// The schema that everything is kept in, one for each book. Letters a-z, digits and underscores, starting with a letter, at most
    /// <see cref="MaxSchemaLength"/>; reserved words of SQL too. Made when it does not exist and the user may. Default <c>daybook</c>.
    /// </summary>
    public string Schema { get; init; } = "daybook";

    /// <summary>
    /// How documents are written as JSON; decimals are exact in any case. Default: the defaults of System.Text.Json. Other options may
    /// make documents unreadable that were written before; then the projection needs a new version.
    /// </summary>
    public JsonSerializerOptions Json { get; init; } = JsonSerializerOptions.Default;

    /// <summary>
    /// Whether each transaction waits for the device. Without, a crash of the server may take back the last of them, rows and checkpoints
    /// together, and they are done again from the journal; claims and flushes always wait. Default false.
    /// </summary>
    public bool SynchronousCommit { get; init; }

    /// <summary>How often a batch that met another one in the same row is tried again before the call fails; from 0. Default 10.</summary>
    public int ConflictRetries { get; init; } = 10;

    /// <summary>
    /// How much of one processor's time all builds of a node together may take while they are filled beside the ones that are shown, from
    /// more than 0 to 1: the less, the less they slow what is live. Default 0.25.
    /// </summary>
    public double RebuildShare { get; init; } = 0.25;

    /// <summary>Checks the values.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.InvalidArgument"/>; the message names the option.</exception>
    public void Validate()
    {
        Require(!string.IsNullOrWhiteSpace(ConnectionString), nameof(ConnectionString), "must say how to connect");
        Require(IsSchema(Schema), nameof(Schema), $"is '{Schema}'; letters a-z, digits and underscores are allowed, starting with a letter, at most {MaxSchemaLength}");
        Require(Json is not null, nameof(Json), "is null; leave it out for the defaults");
        Require(ConflictRetries >= 0, nameof(ConflictRetries), "must not be negative");
        Require(RebuildShare is > 0 and <= 1, nameof(RebuildShare), "must be more than 0 and at most 1");
        var source = Parse();
        Require(!string.IsNullOrEmpty(source.Host), nameof(ConnectionString), "names no Host");
        Require(!source.Pooling || source.MaxPoolSize >= MinPoolSize, nameof(ConnectionString), string.Create(
            CultureInfo.InvariantCulture, $"has Maximum Pool Size={source.MaxPoolSize}; at least {MinPoolSize} connections are needed, and better one for each busy projection"));
    }

    /// <summary>The connection string with what this sink needs where it leaves that open.</summary>
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

    // What Npgsql did not understand may be the rest of a password that was not quoted, so neither the string nor its error is repeated then.
    private DaybookException NoConnectionString(Exception error)
    {
        var hasSecret = ConnectionString.Contains("pass", StringComparison.OrdinalIgnoreCase) || ConnectionString.Contains("pwd", StringComparison.OrdinalIgnoreCase)
            || ConnectionString.Contains("://", StringComparison.Ordinal);
        return new DaybookException(ErrorCode.InvalidArgument,
            $"{nameof(PostgresProjectionOptions)}.{nameof(ConnectionString)} is no connection string of Npgsql, which is written Host=…;Database=…;Username=…;Password=…" +
            (hasSecret ? ". Quote a password that holds ';', '=' or quotation marks." : $": {error.Message}"), hasSecret ? null : error);
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
