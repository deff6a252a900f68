using Daybook.Projections;

namespace Daybook.Postgres.Tables;

/// <summary>
/// A read model in a table of its own: for each event the rows that change. The changes of a batch are put together by key and written by one
/// statement for each kind of change, in the transaction that moves the checkpoint; no row is read before. Carries <see cref="ProjectionAttribute"/>.
/// </summary>
/// <remarks>
/// The table is <c>projection_NAME_vVERSION</c>. Its columns are the public properties of <typeparamref name="TRow"/> in snake case; those
/// with <see cref="System.ComponentModel.DataAnnotations.KeyAttribute"/> are its key. Take the key from the stream for rows of single
/// streams, from the event for rows that several streams meet in, from the position's partition for a row of each partition.
/// </remarks>
/// <typeparam name="TRow">A plain record of strings, numbers, booleans, <see cref="Guid"/>, <see cref="DateOnly"/>, <see cref="DateTimeOffset"/>
/// (kept as UTC), or those nullable.</typeparam>
public interface ITableProjection<TRow>
    where TRow : class
{
    /// <summary>The changes that an event makes, in order; none when it is of no concern here. Pure. A key must not be null.</summary>
    IEnumerable<RowChange<TRow>> ChangesOf(ProjectedEvent projected);

    /// <summary>Statements that are run after the table was made: indexes, checks, rights.</summary>
    /// <param name="table">The table, qualified and quoted.</param>
    IEnumerable<string> AlsoCreate(string table) => [];
}

/// <summary>What an event does to a row.</summary>
/// <typeparam name="TRow">The row type.</typeparam>
/// <param name="Kind">What is done.</param>
/// <param name="Row">The row; for a deletion only its key counts.</param>
public readonly record struct RowChange<TRow>(RowChangeKind Kind, TRow Row)
    where TRow : class;

/// <summary>The kinds of changes.</summary>
public enum RowChangeKind
{
    /// <summary>The row is as given, whether it was there or not.</summary>
    Set,

    /// <summary>The numbers are added to those of the row that is there, and its other columns become as given; without one the row is as given.</summary>
    Add,

    /// <summary>The row is deleted if it is there.</summary>
    Delete,
}

/// <summary>Makes changes with the row type inferred.</summary>
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
