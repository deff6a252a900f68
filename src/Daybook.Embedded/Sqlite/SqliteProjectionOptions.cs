using System.Text.Json;

namespace Daybook.Embedded.Sqlite;

/// <summary>Where and how read models are kept in SQLite. Copied when the sink is made.</summary>
public sealed record SqliteProjectionOptions
{
    /// <summary>The database file; it and its folder are made when they do not exist. Required.</summary>
    public required string Path { get; init; }

    /// <summary>
    /// How documents are written as JSON; decimals are exact in any case. Default: the defaults of System.Text.Json. Other options may
    /// make documents unreadable that were written before; then the projection needs a new version.
    /// </summary>
    public JsonSerializerOptions Json { get; init; } = JsonSerializerOptions.Default;

    /// <summary>How long to wait for another process that writes to the file before a call fails. Default 5 s.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The most batches, of any projections and partitions, that share one transaction; from 1. Default 64.</summary>
    public int MaxGroup { get; init; } = 64;

    /// <summary>Checks the values.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.InvalidArgument"/>; the message names the option.</exception>
    public void Validate()
    {
        Require(!string.IsNullOrWhiteSpace(Path), nameof(Path), "must name a file");
        Require(BusyTimeout >= TimeSpan.Zero && BusyTimeout <= TimeSpan.FromDays(1), nameof(BusyTimeout), "must be from zero to a day");
        Require(MaxGroup >= 1, nameof(MaxGroup), "must be at least 1");
    }

    private static void Require(bool holds, string option, string rule)
    {
        if (!holds)
            throw new DaybookException(ErrorCode.InvalidArgument, $"{nameof(SqliteProjectionOptions)}.{option} {rule}.");
    }
}
