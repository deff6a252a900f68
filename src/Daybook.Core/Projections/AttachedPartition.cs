namespace Daybook.Projections;

/// <summary>The runners of one partition, started and stopped together.</summary>
internal sealed class AttachedPartition(PartitionId partition, ProjectionRunner[] runners) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    internal PartitionId Partition => partition;

    internal ProjectionRunner[] Runners => runners;

    internal void Start() => _running = Task.WhenAll(Array.ConvertAll(runners, r => r.RunAsync(_stop.Token)));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _stop.Dispose();
    }
}
