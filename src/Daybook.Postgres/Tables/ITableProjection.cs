using Daybook.Projections;

namespace Daybook.Postgres.Tables;

/// <summary>
/// A read model in its own table: it returns the rows that each event changes. The changes of a batch are merged by key and written with
/// one statement for each kind of change, in the transaction that moves the checkpoint; no row is read first. Carries
/// <see cref="ProjectionAttribute"/>.
/// </summary>
/// <remarks>
/// The table is <c>projection_NAME_vVERSION</c>. Its columns are the public properties of <typeparamref name="TRow"/> in snake case; those
/// with <see cref="System.ComponentModel.DataAnnotations.KeyAttribute"/> are its key. Take the key from the stream for one row per
/// stream, from the event for rows that several streams share, from the position's partition for one row per partition.
/// </remarks>
/// <typeparam name="TRow">A plain record of strings, numbers, booleans, <see cref="Guid"/>, <see cref="DateOnly"/>, <see cref="DateTimeOffset"/>
/// (stored in UTC), or their nullable forms.</typeparam>
public interface ITableProjection<TRow>
    where TRow : class
{
    /// <summary>The changes that an event makes, in order; none when the event is irrelevant. Must be a pure function. A key must not be
    /// null.</summary>
    IEnumerable<RowChange<TRow>> ChangesOf(ProjectedEvent projected);

    /// <summary>Statements that run after the table is created: indexes, constraints, grants.</summary>
    /// <param name="table">The table, qualified and quoted.</param>
    IEnumerable<string> AlsoCreate(string table) => [];
}

/// <summary>What an event does to a row.</summary>
/// <typeparam name="TRow">The row type.</typeparam>
/// <param name="Kind">What is done.</param>
/// <param name="Row">The row; for a deletion only its key counts.</param>
public readonly record struct RowChange<TRow>(RowChangeKind Kind, TRow Row)
    where TRow : class;

/// <summary>The kinds of row changes.</summary>
public enum RowChangeKind
{
    /// <summary>Inserts or replaces the row.</summary>
    Set,

    /// <summary>Adds the numbers to those of the existing row and replaces its other columns; inserts the row when there is none.</summary>
    Add,

    /// <summary>Deletes the row if it exists.</summary>
    Delete,
}

/// <summary>Creates changes with the row type inferred.</summary>
public static class RowChange
{
    /// <inheritdoc cref="RowChangeKind.Set"/>
    public static RowChange<TRow> Set<TRow>(TRow row)
        where TRow : class => new(RowChangeKind.Set, row);

    /// <inheritdoc cref="RowChangeKind.Add"/>
    public static RowChange<TRow> Add<TRow>(TRow row)
        where TRow : class => new(RowChangeKind.Add, row);

    /// <inheritdoc cref="RowChangeKind.Delete"/>
    public static RowChange<TRow> Delete<TRow>(TRow row)
        where TRow : class => new(RowChangeKind.Delete, row);
}
