using Daybook.Projections;
using Npgsql;

namespace Daybook.Postgres.Raw;

/// <summary>
/// A read model by statements of your own, inside the transaction that moves the checkpoint: they are committed with it, or not at all.
/// Carries <see cref="ProjectionAttribute"/>. For what neither documents nor rows can say; those are written in bulk, and this is as quick as its statements.
/// </summary>
public interface IRawProjection
{
    /// <summary>Makes the tables of this version when it starts for the first time, in the transaction that records the version. Name the version in them.</summary>
    /// <param name="connection">The connection, in a transaction.</param>
    /// <param name="schema">The schema of the book, for statements: quoted where its name is a reserved word.</param>
    /// <param name="cancellationToken">Stops it.</param>
    ValueTask CreateAsync(NpgsqlConnection connection, string schema, CancellationToken cancellationToken = default);

    /// <summary>
    /// Applies a batch. Called again with the same batch after a conflict, a lost connection or a crash, with everything of before rolled
    /// back; so it must do nothing outside the connection. It must not end the transaction.
    /// </summary>
    /// <remarks>
    /// When it throws, the batch is rolled back, and its events are given to it one at a time in a transaction that is rolled back too, to
    /// find the event to park at. A <see cref="PoisonEventException"/> names that event at once.
    /// </remarks>
    /// <param name="connection">The connection, in a <c>REPEATABLE READ</c> transaction.</param>
    /// <param name="schema">The schema of the book, for statements: quoted where its name is a reserved word.</param>
    /// <param name="batch">Events of one partition that were not applied before, at least one, in order.</param>
    /// <param name="cancellationToken">Stops it; the batch is rolled back.</param>
    ValueTask ApplyAsync(NpgsqlConnection connection, string schema, ProjectionBatch batch, CancellationToken cancellationToken = default);
}
