using Daybook.Testing.Compliance;
using SQLitePCL;

namespace Daybook.Embedded.Tests.Sqlite;

/// <summary>If any step of a transaction fails, rows and checkpoint stay unchanged, and the batch can be applied afterwards.</summary>
public sealed class SqliteRollbackTests
{
    [Theory]
    [InlineData("BEFORE INSERT ON projection_tally_v1")]
    [InlineData("BEFORE UPDATE ON projection_tally_v1")]
    [InlineData("BEFORE DELETE ON projection_tally_v1")]
    [InlineData("BEFORE UPDATE ON daybook_checkpoints")]
    public async Task F8_a_failing_statement_takes_back_rows_and_checkpoint(string where)
    {
        await using var books = new SqliteBooks();
        await books.Writer.StartAsync(default, new Epoch(1));
        await books.Writer.ApplyAsync(SqliteBooks.Batch(0, new Added(1, "a", "b")));
        var batch = SqliteBooks.Batch(1, new Added(2, "a"), new Added(-1, "b"), new Added(4, "c"));
        books.Sql($"CREATE TRIGGER broken {where} BEGIN SELECT RAISE(ABORT, 'injected'); END");

        var error = await Assert.ThrowsAsync<DaybookException>(async () => await books.Writer.ApplyAsync(batch));

        Assert.Equal(ErrorCode.StoreFailed, error.Code);
        Assert.Contains(books.Path, error.Message, StringComparison.Ordinal);
        Assert.Contains("injected", error.Message, StringComparison.Ordinal);
        await ExpectUntouchedAsync(books);
        books.Sql("DROP TRIGGER broken");
        await ExpectAppliedAsync(books, batch);
    }

    [Fact]
    public async Task F8_a_failing_commit_takes_back_rows_and_checkpoint()
    {
        await using var books = new SqliteBooks();
        await books.Writer.StartAsync(default, new Epoch(1));
        await books.Writer.ApplyAsync(SqliteBooks.Batch(0, new Added(1, "a", "b")));
        var batch = SqliteBooks.Batch(1, new Added(2, "a"), new Added(-1, "b"), new Added(4, "c"));
        var handle = await books.Sink.Database.Writes.RunAsync(scope => scope.Session.Handle, default);
        raw.sqlite3_commit_hook(handle, _ => 1, null);

        var error = await Assert.ThrowsAsync<DaybookException>(async () => await books.Writer.ApplyAsync(batch));

        Assert.Equal(ErrorCode.StoreFailed, error.Code);
        raw.sqlite3_commit_hook(handle, null, null);
        await ExpectUntouchedAsync(books);
        await ExpectAppliedAsync(books, batch);
    }

    [Fact]
    public async Task F8_a_batch_that_fails_takes_none_of_its_group_with_it()
    {
        await using var books = new SqliteBooks();
        for (var p = 0; p < 3; p++)
            await books.Writer.StartAsync(new PartitionId(p), new Epoch(1));
        using var holds = new SemaphoreSlim(0);
        var started = new TaskCompletionSource();
        var holder = Task.Run(() => books.Sink.Database.Writes.RunAsync(_ => Hold(started, holds), default).AsTask());
        await started.Task;
        var batches = Enumerable.Range(0, 3).Select(p => SqliteBooks.Batch(0, p == 1 ? new Broken("a") : new Added(1, "a")) with { Partition = new PartitionId(p) });

        var applied = batches.Select(b => books.Writer.ApplyAsync(b).AsTask()).ToArray();
        holds.Release();
        await holder;

        await applied[0];
        await Assert.ThrowsAsync<Daybook.Projections.PoisonEventException>(() => applied[1]);
        await applied[2];
        Assert.Equal(new Tally(2, 2), await books.Model.GetAsync("a"));
    }

    [Fact]
    public async Task Work_cancelled_before_its_turn_has_no_effect()
    {
        await using var books = new SqliteBooks();
        await books.Writer.StartAsync(default, new Epoch(1));
        using var holds = new SemaphoreSlim(0);
        var started = new TaskCompletionSource();
        var holder = Task.Run(() => books.Sink.Database.Writes.RunAsync(_ => Hold(started, holds), default).AsTask());
        await started.Task;
        using var cancel = new CancellationTokenSource();

        var applied = books.Writer.ApplyAsync(SqliteBooks.Batch(0, new Added(1, "a")), cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => applied);
        holds.Release();
        await holder;

        Assert.Equal(default, await books.Writer.StartAsync(default, new Epoch(1)));
    }

    private static bool Hold(TaskCompletionSource started, SemaphoreSlim holds)
    {
        started.TrySetResult();
        return holds.Wait(TimeSpan.FromSeconds(30));
    }

    private static async Task ExpectUntouchedAsync(SqliteBooks books)
    {
        Assert.Equal((new Tally(1, 1), new Tally(1, 1), null), (await books.Model.GetAsync("a"), await books.Model.GetAsync("b"), await books.Model.GetAsync("c")));
        Assert.Equal("1", books.Query("SELECT next_offset FROM daybook_checkpoints"));
    }

    private static async Task ExpectAppliedAsync(SqliteBooks books, Daybook.Projections.ProjectionBatch batch)
    {
        await books.Writer.ApplyAsync(batch);
        Assert.Equal((new Tally(3, 2), null, new Tally(4, 1)), (await books.Model.GetAsync("a"), await books.Model.GetAsync("b"), await books.Model.GetAsync("c")));
        Assert.Equal("4", books.Query("SELECT next_offset FROM daybook_checkpoints"));
    }
}
