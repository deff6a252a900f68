using Daybook.Bookie.Cluster;
using Daybook.Bookie.Serving;
using Daybook.ZooKeeper;

namespace Daybook.Bookie;

/// <summary>The background work of a bookie: checks the disk, moves its registration, and drops deleted ledgers.</summary>
internal sealed class Upkeep : IAsyncDisposable
{
    private static readonly TimeSpan s_diskInterval = TimeSpan.FromSeconds(5);

    private readonly LedgerService _service;
    private readonly DiskSpace _disk;
    private readonly Registration? _registration;
    private readonly GarbageCollector? _garbage;
    private readonly bool _isInLimbo;
    private readonly Action<string> _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _failed = new(0);
    private readonly Task _running;

    public Upkeep(
        LedgerService service, DiskSpace disk, Registration? registration, GarbageCollector? garbage, bool isInLimbo, TimeSpan garbageInterval,
        Action<string> log)
    {
        (_service, _disk, _registration, _garbage, _isInLimbo, _log) = (service, disk, registration, garbage, isInLimbo, log);
        service.Failed = () => _failed.Release();
        _running = Task.WhenAll(WatchDiskAsync(), garbage is null || garbageInterval == default ? Task.CompletedTask : CollectAsync(garbageInterval));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
    }

    private async Task WatchDiskAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            await RepeatAsync(UpdateAsync).ConfigureAwait(false);
            await ((Task)_failed.WaitAsync(s_diskInterval, _stop.Token)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task UpdateAsync()
    {
        var isReadOnly = _isInLimbo || _service.Failure is not null || _disk.IsLow();
        if (isReadOnly != _service.IsReadOnly)
            _log(isReadOnly ? "is read-only: too little space, or writing failed" : "accepts writes again");
        _service.IsReadOnly = isReadOnly;
        if (_registration is not null)
            await _registration.PutAsync(isReadOnly, _stop.Token).ConfigureAwait(false);
    }

    private async Task CollectAsync(TimeSpan interval)
    {
        using var timer = new PeriodicTimer(interval);
        do
            await RepeatAsync(() => _garbage!.RunAsync(_stop.Token)).ConfigureAwait(false);
        while (await NextAsync(timer).ConfigureAwait(false));
    }

    private async Task<bool> NextAsync(PeriodicTimer timer)
    {
        try
        {
            return await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Runs work that is repeated later, so that a failure does not stop the bookie.</summary>
    private async Task RepeatAsync(Func<Task> work)
    {
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The bookie is stopping.
        }
        catch (Exception e) when (e is ZooKeeperException or DaybookException or IOException or ObjectDisposedException or UnauthorizedAccessException)
        {
            _log($"background work failed and will be retried: {e.Message}");
        }
    }
}
