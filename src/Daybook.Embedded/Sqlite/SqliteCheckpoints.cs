using Daybook.Projections;

namespace Daybook.Embedded.Sqlite;

/// <summary>The checkpoints of one version of a projection, and what it skipped. The transaction that reads a row holds the file, so nothing comes between.</summary>
internal sealed class SqliteCheckpoints(ProjectionId projection, SqliteDatabase database)
{
    private const string Row = "projection = ?1 AND version = ?2 AND partition = ?3";

    /// <summary>Raises the epoch and returns the checkpoint; where there is none yet it becomes <paramref name="first"/> (invariant
    /// F2).</summary>
    internal JournalOffset Claim(SqliteSession session, PartitionId partition, Epoch epoch, JournalOffset first = default)
    {
        CheckBook(session);
        var found = Read(session, partition) ?? new SqliteCheckpoint(first, epoch, false, null);
        if (found.Epoch > epoch)
            throw ProjectionErrors.Stale(projection, partition, epoch, found.Epoch);
        Write(session, partition, found with { Epoch = epoch, Book = found.Book ?? database.Book });
        return found.Next;
    }

    /// <summary>The checkpoint as it is in the open transaction, claimed by an epoch.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.StaleEpoch"/>: another epoch has claimed it, or none has.</exception>
    internal SqliteCheckpoint Claimed(SqliteSession session, PartitionId partition, Epoch epoch) =>
        Read(session, partition) is { } found && found.Epoch == epoch
            ? found
            : throw ProjectionErrors.Stale(projection, partition, epoch, Read(session, partition)?.Epoch ?? default);

    /// <summary>Moves the checkpoint on from where it was read, and records what the batch skips.</summary>
    internal void Advance(SqliteSession session, ProjectionBatch batch, JournalOffset from)
    {
        var found = Claimed(session, batch.Partition, batch.Epoch);
        if (found.Next != from)
            throw ProjectionErrors.Stale(projection, batch.Partition, batch.Epoch, found.Epoch);
        foreach (var skipped in batch.Skipped)
            Skip(session, skipped);
        Write(session, batch.Partition, found with { Next = batch.Next });
    }

    /// <summary>Lets every later claim find another book's checkpoint.</summary>
    internal bool Disown(SqliteSession session, PartitionId partition, Epoch epoch, JournalOffset head)
    {
        var found = Claimed(session, partition, epoch);
        Write(session, partition, found with { Book = ProjectionErrors.LostFrom(found.Book, head) });
        return true;
    }

    internal void MarkCaughtUp(SqliteSession session, PartitionId partition, Epoch epoch)
    {
        var found = Claimed(session, partition, epoch);
        if (!found.CaughtUp)
            Write(session, partition, found with { CaughtUp = true });
    }

    internal void Skip(SqliteSession session, RecordedEvent skipped) =>
        At(session, skipped.Position.Partition,
            "INSERT OR IGNORE INTO daybook_skips (projection, version, partition, position, stream, stream_version, event) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")
            .Bind(4, skipped.Position.Offset.Value).Bind(5, skipped.Stream.Value).Bind(6, skipped.Version.Value).Bind(7, skipped.Type).Run();

    internal int Skipped(SqliteSession session, PartitionId partition)
    {
        var count = At(session, partition, $"SELECT count(*) FROM daybook_skips WHERE {Row}");
        var skipped = count.Step() ? (int)count.Int64(0) : 0;
        count.Reset();
        return skipped;
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

    internal void Remove(SqliteSession session, long version)
    {
        foreach (var table in (string[])["daybook_checkpoints", "daybook_skips"])
            session[$"DELETE FROM {table} WHERE projection = ?1 AND version = ?2"].Bind(1, projection.Name).Bind(2, version).Run();
    }

    /// <summary>Rows of another book, on whichever partition, are in the same table of documents.</summary>
    private void CheckBook(SqliteSession session)
    {
        if (database.Book is not { } book)
            return;
        var read = session["SELECT book FROM daybook_checkpoints WHERE projection = ?1 AND version = ?2 AND book <> ?3 LIMIT 1"]
            .Bind(1, projection.Name).Bind(2, projection.Version).Bind(3, book);
        var other = read.Step() ? read.Text(0) : null;
        read.Reset();
        if (other is not null)
            throw ProjectionErrors.OtherBook(projection, $"'{database.Path}'", other, book, "move that file away");
    }

    private SqliteCheckpoint? Read(SqliteSession session, PartitionId partition)
    {
        var read = At(session, partition, $"SELECT {SqliteCheckpoint.Columns} FROM daybook_checkpoints WHERE {Row}");
        if (!read.Step())
            return null;
        var (found, isSound) = SqliteCheckpoint.Of(read, 0, projection.Name, projection.Version, partition.Value);
        read.Reset();
        return isSound
            ? found
            : throw SqliteErrors.Corrupted(database.Path, $"holds a checkpoint of projection {projection} on partition {partition} that does not have its checksum");
    }

    private void Write(SqliteSession session, PartitionId partition, SqliteCheckpoint checkpoint)
    {
        var write = At(session, partition,
            $"""
            INSERT INTO daybook_checkpoints (projection, version, partition, {SqliteCheckpoint.Columns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, nullif(?7, ''), ?8)
            ON CONFLICT DO UPDATE SET next_offset = excluded.next_offset, epoch = excluded.epoch, caught_up = excluded.caught_up, book = excluded.book,
                checksum = excluded.checksum
            """);
        write.Bind(4, checkpoint.Next.Value).Bind(5, checkpoint.Epoch.Value).Bind(6, checkpoint.CaughtUp ? 1 : 0).Bind(7, checkpoint.Book ?? "")
            .Bind(8, checkpoint.Checksum(projection.Name, projection.Version, partition.Value)).Run();
    }

    private SqliteStatement At(SqliteSession session, PartitionId partition, string sql) =>
        session[sql].Bind(1, projection.Name).Bind(2, projection.Version).Bind(3, partition.Value);
}
