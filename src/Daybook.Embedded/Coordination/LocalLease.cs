using Daybook.Coordination;

namespace Daybook.Embedded.Coordination;

/// <summary>A lease within one process: it is valid until it is let go of, since nobody else can open the folder meanwhile.</summary>
internal sealed class LocalLease(string name, Epoch epoch, SemaphoreSlim turn) : ILease
{
    private readonly CancellationTokenSource _lost = new();
    private int _released;

    public string Name => name;

    public Epoch Epoch => epoch;

    public bool IsValid => !_lost.IsCancellationRequested;

    public CancellationToken Lost => _lost.Token;

    public void Lose() => _lost.Cancel();

    public ValueTask DisposeAsync()
    {
        Lose();
        if (Interlocked.Exchange(ref _released, 1) == 0)
            turn.Release();
        return ValueTask.CompletedTask;
    }
}
