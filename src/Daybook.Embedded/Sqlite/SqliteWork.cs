namespace Daybook.Embedded.Sqlite;

/// <summary>Something to be done in a write transaction, alone or with others. May be run again after a rollback.</summary>
internal abstract class SqliteWork
{
    private int _state;

    private enum State
    {
        Waiting,
        Taken,
        Cancelled,
    }

    /// <summary>Its turn has come: from here on it cannot be cancelled. False when it was before.</summary>
    internal bool TryTake() => Leave(State.Taken);

    /// <summary>Takes it out of the queue; false when its turn has come already.</summary>
    internal bool TryCancel() => Leave(State.Cancelled);

    internal abstract bool IsDone { get; }

    internal abstract void Execute(SqliteTransactionScope scope);

    internal abstract void Succeed();

    internal abstract void Fail(Exception error);

    private bool Leave(State state) => Interlocked.CompareExchange(ref _state, (int)state, (int)State.Waiting) == (int)State.Waiting;
}

/// <summary>Work that gives a result, published after the commit.</summary>
internal sealed class SqliteWork<TResult>(Func<SqliteTransactionScope, TResult> execute) : SqliteWork
{
    private readonly TaskCompletionSource<TResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TResult _result = default!;

    internal Task<TResult> Completion => _completion.Task;

    internal override bool IsDone => _completion.Task.IsCompleted;

    internal override void Execute(SqliteTransactionScope scope) => _result = execute(scope);

    internal override void Succeed() => _completion.TrySetResult(_result);

    internal override void Fail(Exception error) => _completion.TrySetException(error);
}
