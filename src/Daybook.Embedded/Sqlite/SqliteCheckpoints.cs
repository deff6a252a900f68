using Daybook.Projections;

namespace Daybook.Embedded.Sqlite;

/// <summary>The checkpoints of one version of a projection; every statement checks the epoch itself (must-hold F2).</summary>
internal sealed class SqliteCheckpoints(ProjectionId projection)
{
    private const string Row = "projection = ?1 AND version = ?2 AND partition = ?3";

    /// <summary>Raises the epoch and returns the checkpoint; where there is none yet it becomes <paramref name="first"/>.</summary>
    internal JournalOffset Claim(SqliteSession session, PartitionId partition, Epoch epoch, JournalOffset first = default)
    {
        var claim = At(session, partition,
            """
            INSERT INTO daybook_checkpoints (projection, version, partition, next_offset, epoch) VALUES (?1, ?2, ?3, ?5, ?4)
            ON CONFLICT DO UPDATE SET epoch = excluded.epoch WHERE epoch <= excluded.epoch
            RETURNING next_offset
            """).Bind(4, epoch.Value).Bind(5, first.Value);
        if (!claim.Step())
            throw ProjectionErrors.Stale(projection, partition, epoch, Read(session, partition).Epoch);
        var next = new JournalOffset(claim.Int64(0));
        claim.Run();
        return next;
    }

    /// <summary>The checkpoint as it is in the open transaction; epoch 0 when nobody has claimed the partition.</summary>
    internal (JournalOffset Next, Epoch Epoch) Read(SqliteSession session, PartitionId partition)
    {
        var read = At(session, partition, $"SELECT next_offset, epoch FROM daybook_checkpoints WHERE {Row}");
        if (!read.Step())
            return default;
        var row = (new JournalOffset(read.Int64(0)), new Epoch(read.Int64(1)));
        read.Reset();
        return row;
    }

    /// <summary>Moves the checkpoint on from where it was read.</summary>
    internal void Advance(SqliteSession session, ProjectionBatch batch, JournalOffset from)
    {
        var advance = At(session, batch.Partition, $"UPDATE daybook_checkpoints SET next_offset = ?4 WHERE {Row} AND epoch = ?5 AND next_offset = ?6");
        Require(session, advance.Bind(4, batch.Next.Value).Bind(5, batch.Epoch.Value).Bind(6, from.Value).Run(), batch.Partition, batch.Epoch);
    }

    internal void MarkCaughtUp(SqliteSession session, PartitionId partition, Epoch epoch)
    {
        var mark = At(session, partition, $"UPDATE daybook_checkpoints SET caught_up = 1 WHERE {Row} AND epoch = ?4");
        Require(session, mark.Bind(4, epoch.Value).Run(), partition, epoch);
    }

    /// <summary>The versions before this one, when this one has caught up on every partition that any of them has a checkpoint of.</summary>
    internal List<long> Outdated(SqliteSession session)
    {
        const string sql =
            """
            SELECT DISTINCT version FROM daybook_checkpoints WHERE projection = ?1 AND version < ?2 AND NOT EXISTS (
                SELECT 1 FROM daybook_checkpoints AS older WHERE older.projection = ?1 AND older.version < ?2 AND NOT EXISTS (
                    SELECT 1 FROM daybook_checkpoints AS mine
                    WHERE mine.projection = ?1 AND mine.version = ?2 AND mine.partition = older.partition AND mine.caught_up = 1))
            """;
        var versions = new List<long>();
        for (var read = session[sql].Bind(1, projection.Name).Bind(2, projection.Version); read.Step();)
            versions.Add(read.Int64(0));
        return versions;
    }

    internal void Remove(SqliteSession session, long version) =>
        session["DELETE FROM daybook_checkpoints WHERE projection = ?1 AND version = ?2"].Bind(1, projection.Name).Bind(2, version).Run();

    private void Require(SqliteSession session, int changed, PartitionId partition, Epoch epoch)
    {
        if (changed != 1)
            throw ProjectionErrors.Stale(projection, partition, epoch, Read(session, partition).Epoch);
    }

    private SqliteStatement At(SqliteSession session, PartitionId partition, string sql) =>
        session[sql].Bind(1, projection.Name).Bind(2, projection.Version).Bind(3, partition.Value);
}
