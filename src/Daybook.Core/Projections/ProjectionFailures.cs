using System.Data.Common;

namespace Daybook.Projections;

/// <summary>One row of the table of failures.</summary>
/// <param name="Cause">What fails, in words.</param>
/// <param name="Names">
/// What it is recognised by: an <see cref="ErrorCode"/>, the type of an exception, an SQLSTATE or the first two characters of one, or the name of an SQLite result.
/// </param>
/// <param name="Kind">What a projection does.</param>
public sealed record ProjectionFailure(string Cause, IReadOnlyList<string> Names, FailureKind Kind);

/// <summary>
/// The one table that decides which failures are retried, which park and which stop a projection. Sinks use it too, so it also classifies
/// database errors. A failure that no row names is retried a number of times and then parks.
/// </summary>
public static class ProjectionFailures
{
    /// <summary>The table, as docs/projections.md shows it.</summary>
    public static IReadOnlyList<ProjectionFailure> Table { get; } =
    [
        new("a service is unavailable or overloaded; a failover lost a claim", ["Unavailable", "Overloaded", "VersionMismatch"], FailureKind.Retry),
        new("a network, name service or disk does not answer in time, or another component cancelled a call",
            ["TimeoutException", "IOException", "SocketException", "OperationCanceledException"], FailureKind.Retry),
        new("a connection was cut while it was used", ["ObjectDisposedException", "08"], FailureKind.Retry),
        new("two transactions conflicted: serialization failure, deadlock, lock not available",
            ["40", "55P03", "SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_PROTOCOL"], FailureKind.Retry),
        new("no room: disk, memory, connections", ["53", "SQLITE_FULL", "SQLITE_NOMEM"], FailureKind.Retry),
        new("the server cancels a statement, shuts down, starts, recovers, or is a standby",
            ["57014", "57P01", "57P02", "57P03", "57P05", "25006"], FailureKind.Retry),
        new("user, password, database or rights are refused", ["28", "3D000", "42501"], FailureKind.RetryThenPark),
        new("the file cannot be opened, read or written", ["SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_IOERR", "SQLITE_PERM", "SQLITE_AUTH"], FailureKind.RetryThenPark),
        new("a store stopped, or any failure that no other row names", ["StoreFailed", "*"], FailureKind.RetryThenPark),
        new("an event cannot be read or projected", ["PoisonEvent", "UnknownType"], FailureKind.Park),
        new("the read model is damaged, ahead of its journal, in a newer format, or folded by other code",
            ["Corrupted", "NewerFormat", "InvalidArgument", "SQLITE_CORRUPT", "SQLITE_NOTADB"], FailureKind.Park),
        new("the journal was truncated before the checkpoint", ["Truncated"], FailureKind.Park),
        new("a later owner took over, or the partition lost its owner here", ["StaleEpoch", "NotOwner"], FailureKind.Stop),
        new("the read model belongs to another book", ["OtherBook"], FailureKind.Stop),
        new("the book or its sink was closed", ["Closed"], FailureKind.Stop),
    ];

    private static readonly Dictionary<string, FailureKind> s_kinds =
        Table.SelectMany(row => row.Names.Select(name => (name, row.Kind))).ToDictionary(p => p.name, p => p.Kind, StringComparer.Ordinal);

    /// <summary>What an error means. Of several in one, the first that does not pass by itself decides.</summary>
    public static FailureKind Of(Exception error) => error switch
    {
        null => throw new ArgumentNullException(nameof(error)),
        DaybookException known => Of(known.Code.ToString()),
        AggregateException several => several.Flatten().InnerExceptions.Select(Of).FirstOrDefault(k => k != FailureKind.Retry),
        DbException { SqlState: { Length: 5 } state } => s_kinds.TryGetValue(state, out var kind) ? kind : Of(state[..2]),
        DbException { IsTransient: true } => FailureKind.Retry,
        DbException { InnerException: { } inner } => Of(inner),
        _ => OfType(error.GetType()),
    };

    /// <summary>What a name of the table means; <see cref="FailureKind.RetryThenPark"/> when no row has it.</summary>
    public static FailureKind Of(string name) => s_kinds.GetValueOrDefault(name, FailureKind.RetryThenPark);

    private static FailureKind OfType(Type? type)
    {
        for (; type is not null; type = type.BaseType)
        {
            if (s_kinds.TryGetValue(type.Name, out var kind))
                return kind;
        }
        return FailureKind.RetryThenPark;
    }
}
