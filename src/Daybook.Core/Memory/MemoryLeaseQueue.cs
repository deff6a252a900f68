using System.Diagnostics.CodeAnalysis;
using Daybook.Coordination;

namespace Daybook.Memory;

/// <summary>One lease: its holder, its queue, and the epoch that it has reached.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The lease belongs to its holder; the queue only points at it.")]
internal sealed class MemoryLeaseQueue(string name)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<TaskCompletionSource<ILease>> _waiting = new();
    private MemoryLease? _holder;
    private Epoch _epoch;

    public async ValueTask<ILease> AcquireAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource<ILease> turn;
        lock (_lock)
        {
            if (_holder is null)
                return Grant();
            turn = new TaskCompletionSource<ILease>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.AddLast(turn);
        }
        using var cancelling = cancellationToken.UnsafeRegister(_ => Forget(turn, cancellationToken), null);
        return await turn.Task;
    }

    public void Expire(bool tellHolder)
    {
        if (_holder is not { } holder)
            return;
        if (tellHolder)
            holder.Lose();
        Release(holder);
    }

    public void Release(MemoryLease lease)
    {
        lock (_lock)
        {
            if (_holder != lease)
                return;
            _holder = null;
            if (_waiting.First is not { } next)
                return;
            _waiting.Remove(next);
            next.Value.SetResult(Grant());
        }
    }

    private MemoryLease Grant() => _holder = new MemoryLease(this, name, _epoch = _epoch.Next);

    private void Forget(TaskCompletionSource<ILease> turn, CancellationToken cancellationToken)
    {
        lock (_lock)
            if (_waiting.Remove(turn))
                turn.SetCanceled(cancellationToken);
    }
}
