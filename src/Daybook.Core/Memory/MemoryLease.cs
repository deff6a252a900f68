using Daybook.Coordination;

namespace Daybook.Memory;

/// <summary>A lease of a <see cref="MemoryCoordinator"/>: valid until disposed or expired.</summary>
internal sealed class MemoryLease(MemoryLeaseQueue queue, string name, Epoch epoch) : ILease
{
    private readonly CancellationTokenSource _lost = new();

    public string Name => name;

    public Epoch Epoch => epoch;

    public bool IsValid => !_lost.IsCancellationRequested;

    public CancellationToken Lost => _lost.Token;

    public void Lose() => _lost.Cancel();

    public ValueTask DisposeAsync()
    {
        Lose();
        queue.Release(this);
        return ValueTask.CompletedTask;
    }
}
