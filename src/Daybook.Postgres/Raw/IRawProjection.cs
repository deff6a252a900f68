using Daybook.Projections;
using Npgsql;

namespace Daybook.Postgres.Raw;

/// <summary>
/// A read model written with your own statements, inside the transaction that moves the checkpoint: both are committed, or neither.
/// Carries <see cref="ProjectionAttribute"/>. Use it where neither documents nor rows will do: those are written in bulk, this is as fast
/// as its statements.
/// </summary>
public interface IRawProjection
{
    /// <summary>Creates the tables of this version on its first start, in the transaction that records the version. Put the version in
    /// their names.</summary>
    /// <param name="connection">The connection, in a transaction.</param>
    /// <param name="schema">The schema of the book, ready for use in statements: quoted if its name is a reserved word.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    ValueTask CreateAsync(NpgsqlConnection connection, string schema, CancellationToken cancellationToken = default);

    /// <summary>
    /// Applies a batch. It is called again with the same batch after a conflict, a lost connection or a crash, with all earlier work rolled
    /// back, so it must have no effect outside the connection. It must not end the transaction.
    /// </summary>
    /// <remarks>
    /// When it throws, the batch is rolled back. Its events are then applied one at a time, in a transaction that is rolled back too, to
    /// find the event to park at. A <see cref="PoisonEventException"/> names that event directly.
    /// </remarks>
    /// <param name="connection">The connection, in a <c>REPEATABLE READ</c> transaction.</param>
    /// <param name="schema">The schema of the book, ready for use in statements: quoted if its name is a reserved word.</param>
    /// <param name="batch">Events of one partition not yet applied, in order; at least one.</param>
    /// <param name="cancellationToken">Cancels the operation; the batch is rolled back.</param>
    ValueTask ApplyAsync(NpgsqlConnection connection, string schema, ProjectionBatch batch, CancellationToken cancellationToken = default);
}
