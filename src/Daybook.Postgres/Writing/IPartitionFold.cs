using Daybook.Postgres.Builds;
using Daybook.Projections;
using Npgsql;

namespace Daybook.Postgres.Writing;

/// <summary>
/// Applies the batches of one partition for one kind of projection, inside the transaction that also moves the checkpoint. Called in
/// the order of its members, one batch at a time; called again from <see cref="Plan"/> on when the transaction must be repeated.
/// </summary>
internal interface IPartitionFold
{
    /// <summary>Inspects the batch before the transaction begins.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="from">Events before it have already been applied and are skipped.</param>
    /// <exception cref="PoisonEventException">The projection cannot apply an event.</exception>
    void Plan(ProjectionBatch batch, JournalOffset from);

    /// <summary>A command that loads what the batch changes; null when there is nothing to load.</summary>
    NpgsqlBatchCommand? Load();

    /// <summary>Reads the rows of <see cref="Load"/>.</summary>
    ValueTask LoadedAsync(NpgsqlDataReader rows, CancellationToken cancellationToken);

    /// <summary>Applies the planned events.</summary>
    /// <exception cref="PoisonEventException">The projection cannot apply an event.</exception>
    ValueTask FoldAsync(NpgsqlConnection connection, CancellationToken cancellationToken);

    /// <summary>The commands that write what has changed.</summary>
    /// <exception cref="PoisonEventException">The result cannot be written.</exception>
    IEnumerable<NpgsqlBatchCommand> Writes();

    /// <summary>
    /// Called after the server refused a value. If some changes were merged, the repeated batch is written change by change, so that what
    /// is refused does not depend on how events are batched.
    /// </summary>
    /// <returns>False when every change was already written alone.</returns>
    bool TakeApart() => false;

    /// <summary>Finds the event whose value the server refused; null when this fold's values are not the cause.</summary>
    ValueTask<PoisonEventException?> BlameAsync(NpgsqlConnection connection, Exception refused, CancellationToken cancellationToken);

    /// <summary>Forgets the batch.</summary>
    void Clear();
}

/// <summary>One build of a projection of one kind: how it is stored, and how its batches are folded.</summary>
internal interface IProjectionTarget
{
    /// <summary>Name, version and number.</summary>
    BuildKey Build { get; }

    /// <summary>The kind, as stored; a version never changes its kind.</summary>
    string Kind { get; }

    /// <summary>A fingerprint of the code's visible shape; when it changes, the version must change too.</summary>
    string Shape { get; }

    /// <summary>The build's table, qualified and quoted; null when the projection manages its own tables.</summary>
    string? Table { get; }

    /// <summary>Creates the table and its views, indexes and shadow table.</summary>
    ValueTask CreateAsync(NpgsqlConnection connection, CancellationToken cancellationToken);

    /// <summary>A fold for one partition.</summary>
    IPartitionFold NewFold();

    /// <summary>The same code for another build.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.InvalidArgument"/>: this kind has one build only.</exception>
    IProjectionTarget Of(BuildKey other);
}
