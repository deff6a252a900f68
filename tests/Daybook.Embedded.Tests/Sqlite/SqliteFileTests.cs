using Daybook.Embedded.Sqlite;
using Daybook.Testing.Compliance;

namespace Daybook.Embedded.Tests.Sqlite;

public sealed class SqliteFileTests
{
    [Fact]
    public async Task A_file_of_a_newer_format_is_refused_by_name()
    {
        await using var books = new SqliteBooks();
        await books.Sink.OpenAsync();
        await books.Sink.DisposeAsync();
        books.Sql("PRAGMA user_version = 7");

        await ExpectOpenFailsAsync(books, ErrorCode.NewerFormat, "has format 7; this version of Daybook knows up to 3");
    }

    [Fact]
    public async Task A_database_of_another_program_is_refused_and_left_alone()
    {
        await using var books = new SqliteBooks();
        books.Sql("CREATE TABLE photos (id INTEGER)");

        await ExpectOpenFailsAsync(books, ErrorCode.Corrupted, "was not made by Daybook");

        Assert.Equal("photos", books.Tables());
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused()
    {
        await using var books = new SqliteBooks();
        await File.WriteAllTextAsync(books.Path, new string('x', 5000));

        await ExpectOpenFailsAsync(books, ErrorCode.Corrupted, "is not an SQLite database");
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_named()
    {
        await using var books = new SqliteBooks();
        await File.WriteAllTextAsync(books.Path, "an obstacle");
        await using var sink = new SqliteProjections(new SqliteProjectionOptions { Path = Path.Combine(books.Path, "sub", "read.db") });

        var error = await Assert.ThrowsAsync<DaybookException>(async () => await sink.OpenAsync());

        Assert.Equal(ErrorCode.StoreFailed, error.Code);
        Assert.Contains(books.Path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_could_not_be_opened_is_tried_again_by_the_next_call()
    {
        await using var books = new SqliteBooks();
        await File.WriteAllTextAsync(books.Path, new string('x', 5000));
        await Assert.ThrowsAsync<DaybookException>(async () => await books.Writer.StartAsync(default, new Epoch(1)));

        File.Delete(books.Path);

        Assert.Equal(default, await books.Writer.StartAsync(default, new Epoch(1)));
    }

    [Fact]
    public async Task After_the_end_every_call_reports_that_the_file_was_closed()
    {
        await using var books = new SqliteBooks();
        var (writer, model) = (books.Writer, books.Model);
        await writer.StartAsync(default, new Epoch(1));
        await model.GetAsync("a");
        await books.Sink.DisposeAsync();
        await books.Sink.DisposeAsync();

        foreach (var call in new Func<Task>[]
        {
            async () => await writer.StartAsync(default, new Epoch(1)),
            async () => await writer.ApplyAsync(SqliteBooks.Batch(0, new Added(1, "a"))),
            async () => await model.GetAsync("a"),
        })
            Assert.Equal(ErrorCode.Closed, (await Assert.ThrowsAsync<DaybookException>(call)).Code);
    }

    [Fact]
    public async Task A_stored_document_that_cannot_be_read_is_reported_with_table_and_key()
    {
        await using var books = new SqliteBooks();
        await books.Writer.StartAsync(default, new Epoch(1));
        await books.Writer.ApplyAsync(SqliteBooks.Batch(0, new Added(1, "a")));
        books.Sql($"UPDATE projection_tally_v1 SET document = '{{\"Sum\":\"text\"}}', checksum = {SqliteChecksum.Of("a", "{\"Sum\":\"text\"}"u8)}");

        var reading = await Assert.ThrowsAsync<DaybookException>(async () => await books.Model.GetAsync("a"));
        var folding = await Assert.ThrowsAsync<DaybookException>(async () => await books.Writer.ApplyAsync(SqliteBooks.Batch(1, new Added(1, "a"))));

        Assert.All([reading, folding], e => Assert.Equal(ErrorCode.Corrupted, e.Code));
        Assert.Contains($"'a' in table projection_tally_v1 of '{books.Path}' cannot be read as Tally", reading.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Documents_are_plain_json_rows_that_any_tool_can_query()
    {
        await using var books = new SqliteBooks();
        await books.Writer.StartAsync(default, new Epoch(1));
        await books.Writer.ApplyAsync(SqliteBooks.Batch(0, new Added(100.10m, "a")));

        Assert.Equal("a|{\"Sum\":100.10,\"Count\":1,\"Note\":null}", books.Query("SELECT key, document FROM projection_tally_v1"));
        Assert.Equal("tally|1|0|1|1", books.Query("SELECT projection, version, partition, next_offset, epoch FROM daybook_checkpoints"));
    }

    [Theory]
    [InlineData("", 1, "SqliteProjectionOptions.Path")]
    [InlineData("x.db", 0, "SqliteProjectionOptions.MaxGroup")]
    public void Bad_options_are_named(string path, int maxGroup, string option)
    {
        var error = Assert.Throws<DaybookException>(() => new SqliteProjections(new SqliteProjectionOptions { Path = path, MaxGroup = maxGroup }));
        Assert.Contains(option, error.Message, StringComparison.Ordinal);
    }

    private static async Task ExpectOpenFailsAsync(SqliteBooks books, ErrorCode code, string message)
    {
        await using var sink = books.Open();
        var error = await Assert.ThrowsAsync<DaybookException>(async () => await sink.OpenAsync());
        Assert.Equal(code, error.Code);
        Assert.Contains($"'{books.Path}' {message}", error.Message, StringComparison.Ordinal);
    }
}
