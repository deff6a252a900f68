using Daybook.Postgres.Builds;
using Daybook.Projections;
using Npgsql;

namespace Daybook.Postgres.Writing;

/// <summary>
/// What one kind of projection does with the batches of one partition, inside the transaction that also moves the checkpoint. Called in
/// the order of its members, and again from <see cref="Plan"/> on when the transaction has to be repeated; one batch at a time.
/// </summary>
internal interface IPartitionFold
{
    /// <summary>Looks through the batch, before the transaction begins.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="from">Events before it were applied already and are left out.</param>
    /// <exception cref="PoisonEventException">The projection cannot take an event.</exception>
    void Plan(ProjectionBatch batch, JournalOffset from);

    /// <summary>A command that loads what the batch changes; null when there is nothing to load.</summary>
    NpgsqlBatchCommand? Load();

    /// <summary>Takes the rows of <see cref="Load"/>.</summary>
    ValueTask LoadedAsync(NpgsqlDataReader rows, CancellationToken cancellationToken);

    /// <summary>Applies the planned events.</summary>
    /// <exception cref="PoisonEventException">The projection cannot take an event.</exception>
    ValueTask FoldAsync(NpgsqlConnection connection, CancellationToken cancellationToken);

    /// <summary>The commands that write what has changed.</summary>
    /// <exception cref="PoisonEventException">What came out cannot be written.</exception>
    IEnumerable<NpgsqlBatchCommand> Writes();

    /// <summary>
    /// After the server refused a value: has the batch written change by change when it comes again, if some of its changes were put together. So what is
    /// refused does not depend on what a batch holds.
    /// </summary>
    /// <returns>False when every change was written by itself.</returns>
    bool TakeApart() => false;

    /// <summary>Finds the event to blame when the server refused a value; null when it is none of this fold's.</summary>
    ValueTask<PoisonEventException?> BlameAsync(NpgsqlConnection connection, Exception refused, CancellationToken cancellationToken);

    /// <summary>Forgets the batch.</summary>
    void Clear();
}

/// <summary>One build of a projection of one kind: what it is stored as, and how its batches are folded.</summary>
internal interface IProjectionTarget
{
    /// <summary>Name, version and number.</summary>
    BuildKey Build { get; }

    /// <summary>The kind, as stored: a version does not change its kind.</summary>
    string Kind { get; }

    /// <summary>What the code looks like from outside: when it changes, so must the version.</summary>
    string Shape { get; }

    /// <summary>The table that belongs to the build, qualified and quoted; null when the projection has none that is known here.</summary>
    string? Table { get; }

    /// <summary>Makes the table and whatever belongs to it.</summary>
    ValueTask CreateAsync(NpgsqlConnection connection, CancellationToken cancellationToken);

    /// <summary>A fold for one partition.</summary>
    IPartitionFold NewFold();

    /// <summary>The same code for another build.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.InvalidArgument"/>: this kind has one build only.</exception>
    IProjectionTarget Of(BuildKey other);
}
