using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;

namespace Daybook.Embedded.Sqlite;

/// <summary>
/// SQLite has one writer: the first caller does the work of all that wait, in one transaction. When anything in it fails, the
/// transaction is rolled back and each piece of work is run by itself, so that it succeeds or fails on its own.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore without wait handle has nothing to dispose of, and calls after the end must get their error from it.")]
internal sealed class SqliteWriteQueue(SqliteDatabase database, int maxGroup)
{
    private readonly Queue<SqliteWork> _waiting = new();
    private readonly SemaphoreSlim _turn = new(1);

    internal async ValueTask<TResult> RunAsync<TResult>(Func<SqliteTransactionScope, TResult> execute, CancellationToken cancellationToken)
    {
        var work = new SqliteWork<TResult>(execute);
        lock (_waiting)
            _waiting.Enqueue(work);
        try
        {
            await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!work.TryCancel())
        {
            return await work.Completion.ConfigureAwait(false);
        }
        try
        {
            while (!work.IsDone)
                RunGroup(Take());
        }
        finally
        {
            _turn.Release();
        }
        return await work.Completion.ConfigureAwait(false);
    }

    /// <summary>Acts when no transaction is open.</summary>
    internal async ValueTask WhenIdleAsync(Action act)
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            act();
        }
        finally
        {
            _turn.Release();
        }
    }

    private List<SqliteWork> Take()
    {
        var group = new List<SqliteWork>();
        lock (_waiting)
        {
            while (group.Count < maxGroup && _waiting.TryDequeue(out var work))
            {
                if (work.TryTake())
                    group.Add(work);
            }
        }
        return group;
    }

    private void RunGroup(List<SqliteWork> group)
    {
        if (TryRun(group) is not { } error)
            group.ForEach(w => w.Succeed());
        else if (group.Count == 1)
            group[0].Fail(error);
        else
            group.ForEach(w => RunGroup([w]));
    }

    private Exception? TryRun(List<SqliteWork> group)
    {
        SqliteTransactionScope? scope = null;
        try
        {
            scope = database.Begin();
            foreach (var work in group)
                work.Execute(scope);
            scope.WriteChanged();
            scope.Session["COMMIT"].Run();
            return null;
        }
        catch (Exception error)
        {
            database.Rollback();
            return error is SqliteException sqlite ? SqliteErrors.From(sqlite, database.Path) : error;
        }
        finally
        {
            scope?.Clear();
        }
    }
}
