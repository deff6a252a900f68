using Daybook.Embedded.Sqlite;
using Daybook.Testing.Compliance;

namespace Daybook.Embedded.Tests.Sqlite;

/// <summary>A bit that flipped in the file is noticed when it is read, and found by a verification of the whole file.</summary>
public sealed class SqliteDamageTests
{
    [Fact]
    public async Task C5_any_flipped_bit_of_a_document_is_an_error_and_never_another_document()
    {
        await using var books = await WrittenAsync();
        await books.Sink.DisposeAsync();
        var sound = await File.ReadAllBytesAsync(books.Path);
        var at = sound.AsSpan().IndexOf("\"Sum\":12345"u8) + "\"Sum\":"u8.Length;
        for (var bit = 0; bit < 5 * 8; bit++)
        {
            var damaged = (byte[])sound.Clone();
            damaged[at + (bit / 8)] ^= (byte)(1 << (bit % 8));
            await File.WriteAllBytesAsync(books.Path, damaged);
            await using var sink = books.Open();

            var read = await Assert.ThrowsAsync<DaybookException>(async () => await sink.ReadModel(new CountingProjection()).GetAsync("a"));
            var all = await Assert.ThrowsAsync<DaybookException>(async () => await sink.ReadModel(new CountingProjection()).QueryAsync().ToListAsync());
            var writer = sink.Writer(new CountingProjection());
            await writer.StartAsync(default, new Epoch(1));
            var folded = await Assert.ThrowsAsync<DaybookException>(async () => await writer.ApplyAsync(SqliteBooks.Batch(1, new Added(1, "a"))));
            var findings = await sink.VerifyAsync();

            Assert.All([read, all, folded], e => Assert.Equal(ErrorCode.Corrupted, e.Code));
            Assert.Contains("document 'a' in table projection_tally_v1", read.Message, StringComparison.Ordinal);
            Assert.Contains(findings, f => f.Contains("document 'a' in table projection_tally_v1", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task C5_changed_checkpoint_is_an_error_and_found_by_verification()
    {
        await using var books = await WrittenAsync();
        books.Sql("UPDATE daybook_checkpoints SET next_offset = 3");
        await using var sink = books.Open();

        var error = await Assert.ThrowsAsync<DaybookException>(async () => await sink.Writer(new CountingProjection()).StartAsync(default, new Epoch(1)));

        Assert.Equal(ErrorCode.Corrupted, error.Code);
        Assert.Contains("The checkpoint of projection tally v1 on partition 0 does not have its checksum.", await sink.VerifyAsync());
    }

    [Theory]
    [InlineData("DELETE FROM projection_tally_v1", "was left with 1 documents and now holds none")]
    [InlineData("DELETE FROM daybook_checkpoints", "has documents and no checkpoint")]
    [InlineData("DELETE FROM daybook_contents", "was left with 0 documents and now holds some")]
    public async Task C5_page_that_was_lost_and_looks_sound_by_itself_is_an_error(string lose, string named)
    {
        await using var books = await WrittenAsync();
        books.Sql(lose);
        await using var sink = books.Open();

        var error = await Assert.ThrowsAsync<DaybookException>(async () => await sink.Writer(new CountingProjection()).StartAsync(default, new Epoch(1)));

        Assert.Equal(ErrorCode.Corrupted, error.Code);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task C5_document_that_is_gone_among_others_is_found_by_verification()
    {
        await using var books = await WrittenAsync();
        await books.Writer.ApplyAsync(SqliteBooks.Batch(1, new Added(1, "b")));
        books.Sql("DELETE FROM projection_tally_v1 WHERE key = 'b'");
        await using var sink = books.Open();
        Assert.Equal(["Table projection_tally_v1 does not hold the documents that it was left with."], await sink.VerifyAsync());
    }

    [Fact]
    public async Task Sound_file_has_no_findings()
    {
        await using var books = await WrittenAsync();
        await using var sink = books.Open();
        Assert.Empty(await sink.VerifyAsync());
    }

    [Fact]
    public async Task File_of_the_first_format_gets_checksums_and_goes_on_from_its_checkpoints()
    {
        await using var books = new SqliteBooks();
        books.Sql(
            """
            CREATE TABLE daybook_checkpoints (projection TEXT NOT NULL, version INTEGER NOT NULL, partition INTEGER NOT NULL, next_offset INTEGER NOT NULL,
                epoch INTEGER NOT NULL, caught_up INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (projection, version, partition)) STRICT, WITHOUT ROWID;
            INSERT INTO daybook_checkpoints VALUES ('tally', 1, 0, 2, 1, 1);
            CREATE TABLE projection_tally_v1 (key TEXT NOT NULL PRIMARY KEY, document TEXT NOT NULL) STRICT, WITHOUT ROWID;
            INSERT INTO projection_tally_v1 VALUES ('ä', '{"Sum":3,"Count":2,"Note":"ü"}');
            PRAGMA application_id = 1145195344;
            PRAGMA user_version = 1
            """);

        books.Sink.Bind(new Guid(1, 0, 0, new byte[8]));
        Assert.Equal(new JournalOffset(2), await books.Writer.StartAsync(default, new Epoch(2)));
        Assert.Equal(new Tally(3, 2, "ü"), await books.Model.GetAsync("ä"));
        Assert.Empty(await books.Sink.VerifyAsync());
        Assert.Equal("00000001-0000-0000-0000-000000000000", books.Query("SELECT book FROM daybook_checkpoints"));
    }

    [Fact]
    public async Task C4_checkpoints_of_another_book_are_refused_with_both_named_on_whichever_partition()
    {
        await using var books = await WrittenAsync();
        books.Sink.Bind(new Guid(1, 0, 0, new byte[8]));
        await books.Writer.StartAsync(default, new Epoch(1));
        await using var other = books.Open();
        other.Bind(new Guid(2, 0, 0, new byte[8]));

        var refused = await Assert.ThrowsAsync<DaybookException>(async () => await other.Writer(new CountingProjection()).StartAsync(new PartitionId(3), new Epoch(9)));

        Assert.Equal(ErrorCode.OtherBook, refused.Code);
        Assert.All(["00000001-", "00000002-", books.Path, "move that file away"], part => Assert.Contains(part, refused.Message, StringComparison.Ordinal));
        await books.Writer.ApplyAsync(SqliteBooks.Batch(1, new Added(1, "a")));
    }

    [Fact]
    public async Task Skipped_events_are_stored_with_the_checkpoint()
    {
        await using var books = await WrittenAsync();
        var skipped = SqliteBooks.Batch(1, new Broken("a"));
        await books.Writer.ApplyAsync(skipped with { Events = [], Skipped = [skipped.Events[0].Recorded] });
        await using var sink = books.Open();

        Assert.Equal(1, await sink.Writer(new CountingProjection()).SkippedAsync(default));
        Assert.Equal("Broken", books.Query("SELECT event FROM daybook_skips"));
    }

    [Fact]
    public async Task Locked_file_is_a_failure_that_passes()
    {
        await using var books = await WrittenAsync();
        await using var sink = new SqliteProjections(new SqliteProjectionOptions { Path = books.Path, BusyTimeout = TimeSpan.FromMilliseconds(1) });
        using var holder = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={books.Path};Pooling=False");
        holder.Open();
        using var held = holder.BeginTransaction(deferred: false);

        var busy = await Assert.ThrowsAsync<DaybookException>(async () => await sink.Writer(new CountingProjection()).StartAsync(default, new Epoch(1)));
        held.Rollback();

        Assert.Equal((ErrorCode.Unavailable, true), (busy.Code, busy.IsTransient));
        Assert.Equal(new JournalOffset(1), await sink.Writer(new CountingProjection()).StartAsync(default, new Epoch(1)));
    }

    /// <summary>A document, written and in the file itself, not in its log.</summary>
    private static async Task<SqliteBooks> WrittenAsync()
    {
        var books = new SqliteBooks();
        await books.Writer.StartAsync(default, new Epoch(1));
        await books.Writer.ApplyAsync(SqliteBooks.Batch(0, new Added(12345, "a")));
        books.Sql("PRAGMA wal_checkpoint(TRUNCATE)");
        return books;
    }
}
