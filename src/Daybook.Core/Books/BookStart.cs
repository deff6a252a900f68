using Daybook.Core.Journals;
using Daybook.Core.Partitions;

namespace Daybook;

/// <summary>The start of a book: everything begins at the same time, nothing waits for what lies outside of the process.</summary>
internal sealed class BookStart(
    Opening<BookStorage> storage, Opening<OpenProjections> sink, PartitionRouter router, BookProjections projections, BookReadiness readiness)
{
    /// <summary>Completes when every partition has been owned here and the read models are open.</summary>
    public Task Ready { get; private set; } = Task.CompletedTask;

    /// <summary>Completes when there is a reason to wait, and the read models are open or have failed to open: a standby serves
    /// them.</summary>
    public Task StandingBy { get; private set; } = Task.CompletedTask;

    public void Begin(Book book, int partitions)
    {
        storage.Start();
        sink.Start();
        router.Start();
        Ready = BecomeReadyAsync(book, partitions);
        StandingBy = Task.WhenAll(readiness.StandingBy, Task.WhenAny(sink.Opened, sink.Refused));
        _ = Ready.ContinueWith(static ready => ready.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    /// <summary>Waits until the book is ready.</summary>
    /// <exception cref="DaybookException">Waiting does not help.</exception>
    public async Task ReadyAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAny(Ready, readiness.Failed).WaitAsync(cancellationToken).ConfigureAwait(false);
        if (!Ready.IsCompletedSuccessfully && !Ready.IsFaulted && readiness.Failed.IsCompleted)
            throw await readiness.Failed.ConfigureAwait(false);
        await Ready.ConfigureAwait(false);
    }

    /// <summary>Compiles what a takeover will ask of the store and the coordinator. Does nothing for a store that is open in one process
    /// only.</summary>
    /// <exception cref="DaybookException">The store or the coordinator refused something.</exception>
    public async Task RehearseAsync(CancellationToken cancellationToken)
    {
        if (storage.Value is not { Ledgers.ListsLocally: false } opened)
            return;
        await StoreRehearsal.RunAsync(opened.Ledgers, cancellationToken).ConfigureAwait(false);
        await CoordinatorRehearsal.RunAsync(opened.Coordinator, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// The same for a program that opens the book to work with it: a store that cannot be opened is an error, and another process is waited for
    /// for a limited time.
    /// </summary>
    public async Task OwnedWithinAsync(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var ready = ReadyAsync(cancellationToken);
        var late = Task.Delay(limit, time, waiting.Token);
        var first = await Task.WhenAny(ready, storage.Refused, sink.Refused, late).ConfigureAwait(false);
        await waiting.CancelAsync().ConfigureAwait(false);
        if (first != ready && !cancellationToken.IsCancellationRequested)
            throw first == late ? NotOwned(limit) : await ((Task<DaybookException>)first).ConfigureAwait(false);
        await ready.ConfigureAwait(false);
    }

    private DaybookException NotOwned(TimeSpan limit)
    {
        var missing = router.Status().FirstOrDefault(partition => !partition.IsOwned);
        return new DaybookException(ErrorCode.NotOwner,
            $"The book could not be opened within {limit.TotalSeconds:0.###} s (option {nameof(DaybookOptions.OwnershipTimeout)}). " +
            (missing?.Error ?? projections.Error ?? "Its projections have not started."));
    }

    /// <summary>Reactions that start now have recorded that by then: what is sent afterwards must not fall before it.</summary>
    private async Task BecomeReadyAsync(Book book, int partitions)
    {
        try
        {
            var opened = await sink.Opened.ConfigureAwait(false);
            foreach (var reaction in opened.Reactions)
                reaction.Bind(book);
            await router.Owned.ConfigureAwait(false);
            await projections.AttachedAsync().ConfigureAwait(false);
            await Task.WhenAll(opened.Reactions.Select(reaction => reaction.StartedAsync(partitions, CancellationToken.None))).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            throw new DaybookException(ErrorCode.Closed, "The book was closed before it was ready.");
        }
    }
}
