using Daybook.Coordination;

namespace Daybook.Core.Partitions;

/// <summary>The storage of a book that is owned here, and the lease that proves it.</summary>
internal readonly record struct OwnedBook(BookStorage Storage, ILease Lease);

/// <summary>
/// Decides which process owns the book: the one that holds the lease of partition 0 takes the other partitions too, and gives all of them up
/// when it loses that lease. Two processes that start together would else own some partitions each, and no transaction between those could end.
/// </summary>
/// <param name="storage">What the lease is in.</param>
/// <param name="readiness">Notes that another process has the book.</param>
/// <param name="time">Decides how long a lease may take before its holder is asked for.</param>
internal sealed class BookOwnership(Opening<BookStorage> storage, BookReadiness readiness, TimeProvider time) : IAsyncDisposable
{
    private const string First = "partitions/0";
    private static readonly TimeSpan s_askAfter = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan s_askAgainAfter = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _acquiring = new(1, 1);
    private volatile ILease? _lease;
    private volatile DaybookException? _elsewhere;

    /// <summary>Why the book is not owned here; null while it is, or while that is not known yet.</summary>
    public DaybookException? Why => storage.Why ?? _elsewhere;

    /// <summary>The process that owns it, where the coordinator knows; null otherwise.</summary>
    public string? Owner { get; private set; }

    /// <summary>False once the lease of the book is lost, and before it was had.</summary>
    public bool IsHeld => _lease is { Lost.IsCancellationRequested: false };

    /// <summary>Waits until the book is owned here. Not until the partition is: all but the first have a lease of their own.</summary>
    public async ValueTask<OwnedBook> AcquireAsync(CancellationToken cancellationToken)
    {
        await _acquiring.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var opened = await storage.Opened.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (_lease is not null && !IsHeld)
                await ReleaseAsync().ConfigureAwait(false);
            _lease ??= await WaitAsync(opened.Coordinator, cancellationToken).ConfigureAwait(false);
            (_elsewhere, Owner) = (null, null);
            return new OwnedBook(opened, _lease);
        }
        finally
        {
            _acquiring.Release();
        }
    }

    /// <summary>The lease of a partition of the book that is owned here. That of the first is the book's, and is released with the book.</summary>
    public static async ValueTask<ILease> LeaseOfAsync(PartitionId partition, OwnedBook owned, CancellationToken cancellationToken) =>
        partition.Value == 0
            ? new SharedLease(owned.Lease)
            : await owned.Storage.Coordinator.AcquireAsync($"partitions/{partition}", cancellationToken).ConfigureAwait(false);

    public ValueTask DisposeAsync() => ReleaseAsync();

    private async ValueTask ReleaseAsync()
    {
        if (Interlocked.Exchange(ref _lease, null) is { } lease)
            await lease.DisposeAsync().ConfigureAwait(false);
    }

    private async ValueTask<ILease> WaitAsync(ICoordinator coordinator, CancellationToken cancellationToken)
    {
        var acquiring = coordinator.AcquireAsync(First, cancellationToken).AsTask();
        for (var patience = s_askAfter; ; patience = s_askAgainAfter)
        {
            try
            {
                return await acquiring.WaitAsync(patience, time, CancellationToken.None).ConfigureAwait(false);
            }
            catch (TimeoutException) when (!acquiring.IsCompleted)
            {
                var asking = HolderAsync(coordinator, cancellationToken);
                if (await Task.WhenAny(acquiring, asking).ConfigureAwait(false) == asking)
                    StandBy(await asking.ConfigureAwait(false));
            }
        }
    }

    private static async Task<string?> HolderAsync(ICoordinator coordinator, CancellationToken cancellationToken)
    {
        try
        {
            return await coordinator.HolderOfAsync(First, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is DaybookException or OperationCanceledException)
        {
            return null;
        }
    }

    private void StandBy(string? owner)
    {
        Owner = owner;
        _elsewhere = new DaybookException(ErrorCode.NotOwner,
            $"Another process owns the book{(owner is null ? "" : $": {owner}")}. This one takes over when that process ends or loses its lease.");
        readiness.Note(_elsewhere);
    }

    /// <summary>The book's lease as that of its first partition, whose owner may end many times before the book is released.</summary>
    private sealed class SharedLease(ILease lease) : ILease
    {
        public string Name => lease.Name;

        public Epoch Epoch => lease.Epoch;

        public bool IsValid => lease.IsValid;

        public CancellationToken Lost => lease.Lost;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
