using System.Collections.Immutable;
using Daybook.BookKeeper.Digests;
using Daybook.BookKeeper.Metadata;
using Daybook.BookKeeper.Placement;
using Daybook.BookKeeper.Wire;
using Microsoft.Extensions.Logging;

namespace Daybook.BookKeeper.Writing;

/// <summary>What a writer wants done beside adds, one after the other and outside its lock: choosing bookies, reading and writing metadata; explicit LACs.</summary>
/// <remarks>The members that queue an errand are called under the writer's lock, <see cref="Run"/> is not.</remarks>
internal sealed class WriterErrands(ClientServices services, LedgerMetadata ledger, LedgerCredentials credentials, WriterDriver driver)
{
    private const int MaxTries = 5;
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(200);
    private readonly Lock _lock = new();
    private readonly Queue<Func<Task>> _waiting = [];
    private bool _isRunning;
    private volatile bool _hasWork;
    private volatile Task _write = Task.CompletedTask;

    /// <summary>Done once it has the result of the last write of metadata.</summary>
    public Task LastWrite => _write;

    public void Avoid(BookieId bookie) => Queue(() =>
    {
        services.Log.LogWarning("Bookie {Bookie} failed a write of ledger {Ledger}; it is avoided for a while.", bookie, ledger.Ledger);
        services.Selection.Avoid(bookie);
        return Task.CompletedTask;
    });

    public void Choose(ImmutableArray<BookieId> ensemble, ImmutableArray<int> failed) => Queue(async () =>
    {
        var replacements = await FindAsync(ensemble, failed).ConfigureAwait(false);
        driver.Post(machine => machine.Chosen(replacements));
    });

    public void Write(LedgerMetadata metadata, int expectedVersion)
    {
        var written = new TaskCompletionSource();
        _write = written.Task;
        Queue(async () =>
        {
            try
            {
                await WriteAsync(metadata, expectedVersion).ConfigureAwait(false);
            }
            finally
            {
                written.SetResult();
            }
        });
    }

    public void Read() => Queue(ReadAsync);

    public void TellLac(EntryId lac, ImmutableArray<BookieId> bookies) => Queue(() =>
    {
        var packet = LacPacket.Seal(ledger.Ledger, lac, credentials.Digest);
        var round = new LacRound(ledger.Sizes.Ack, bookies.Length);
        foreach (var bookie in bookies)
            _ = TellLacAsync(bookie, lac, packet, round);
        return Task.CompletedTask;
    });

    /// <summary>Sees to it that what is queued gets done.</summary>
    public void Run()
    {
        if (_hasWork)
            _ = RunAsync();
    }

    private async Task RunAsync()
    {
        if (!TryBegin())
            return;
        while (TryTake() is { } errand)
        {
            try
            {
                await errand().ConfigureAwait(false);
            }
            catch (Exception e)
            {
                // What came of the errand is not known: its writer must not wait for it for ever.
                services.Log.LogError(e, "A writer of ledger {Ledger} stopped on an unexpected error.", ledger.Ledger);
                driver.Post(machine => machine.Stop(AsBookKeeper(e)));
            }
        }
    }

    private bool TryBegin()
    {
        lock (_lock)
            return !_isRunning && (_isRunning = true);
    }

    private Func<Task>? TryTake()
    {
        lock (_lock)
        {
            if (_waiting.TryDequeue(out var errand))
                return errand;
            _isRunning = _hasWork = false;
            return null;
        }
    }

    private void Queue(Func<Task> errand)
    {
        lock (_lock)
        {
            _waiting.Enqueue(errand);
            _hasWork = true;
        }
    }

    private async Task<ImmutableArray<Replacement>> FindAsync(ImmutableArray<BookieId> ensemble, ImmutableArray<int> failed)
    {
        var found = ImmutableArray.CreateBuilder<Replacement>();
        try
        {
            foreach (var position in failed)
            {
                if (await FindOneAsync(ensemble, position).ConfigureAwait(false) is not { } bookie)
                    continue;
                found.Add(new Replacement(position, bookie));
                ensemble = ensemble.SetItem(position, bookie);
            }
        }
        catch (Exception e)
        {
            services.Log.LogError(e, "Choosing a bookie for ledger {Ledger} failed; it goes on with those that are left.", ledger.Ledger);
        }
        return found.ToImmutable();
    }

    /// <summary>A bookie that does not answer is skipped, so that each bookie is asked at most once.</summary>
    private async ValueTask<BookieId?> FindOneAsync(ImmutableArray<BookieId> ensemble, int position)
    {
        var silent = new HashSet<BookieId>();
        while (services.Selection.ChooseReplacement(ledger.Sizes, ensemble, position) is { } bookie && !silent.Contains(bookie))
        {
            if (ensemble.Contains(bookie) || await BookieProbe.AnswersAsync(services, bookie, ledger.Ledger).ConfigureAwait(false))
                return bookie;
            silent.Add(bookie);
            services.Selection.Unanswered(bookie);
        }
        return null;
    }

    private async Task WriteAsync(LedgerMetadata metadata, int expectedVersion)
    {
        try
        {
            var written = await TryAsync(() => services.Metadata.WriteAsync(metadata, expectedVersion), () => driver.MayWriteMetadata).ConfigureAwait(false);
            driver.Post(machine => machine.Written(written));
        }
        catch (BookKeeperException e) when (e.Error == BookKeeperError.MetadataVersion)
        {
            await RereadAsync().ConfigureAwait(false);
        }
        catch (BookKeeperException e)
        {
            driver.Post(machine => machine.NotWritten(e));
        }
    }

    private async Task RereadAsync()
    {
        try
        {
            var now = await TryAsync(() => services.Metadata.ReadAsync(ledger.Ledger), () => true).ConfigureAwait(false);
            driver.Post(machine => machine.Lost(now));
        }
        catch (BookKeeperException e)
        {
            driver.Post(machine => machine.NotWritten(e));
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            var now = await services.Metadata.ReadAsync(ledger.Ledger).ConfigureAwait(false);
            driver.Post(machine => machine.Seen(now, null));
        }
        catch (Exception e)
        {
            driver.Post(machine => machine.Seen(null, AsBookKeeper(e)));
        }
    }

    /// <summary>Tries again for a while when ZooKeeper cannot be reached.</summary>
    private async Task<VersionedMetadata> TryAsync(Func<ValueTask<VersionedMetadata>> call, Func<bool> goesOn)
    {
        var pause = s_firstPause;
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await call().ConfigureAwait(false);
            }
            catch (BookKeeperException e) when (e.Error == BookKeeperError.MetadataUnavailable && tries < MaxTries && goesOn())
            {
                services.Log.LogWarning(e, "The metadata of ledger {Ledger} could not be reached, try {Tries}.", ledger.Ledger, tries);
            }
            catch (Exception e) when (e is not BookKeeperException)
            {
                throw AsBookKeeper(e);
            }
            await Task.Delay(pause, services.Time).ConfigureAwait(false);
            pause *= 2;
        }
    }

    private BookKeeperException AsBookKeeper(Exception error) => error as BookKeeperException
        ?? new BookKeeperException(BookKeeperError.MetadataUnavailable, $"its metadata could not be reached: {error.Message}", ledger.Ledger, inner: error);

    private async Task TellLacAsync(BookieId bookie, EntryId lac, ReadOnlyMemory<byte> packet, LacRound round)
    {
        var status = await services.Bookies.WriteLacAsync(bookie, ledger.Ledger, lac, credentials.MasterKey, packet).ConfigureAwait(false);
        if (round.IsDecidedBy(status))
            driver.Post(machine => machine.LacTold(lac, status == BookieStatus.Ok));
    }

    /// <summary>Best effort: done once the ack quorum has it, or all have answered.</summary>
    private sealed class LacRound(int needed, int asked)
    {
        private int _missing = needed;
        private int _failures = asked - needed + 1;

        public bool IsDecidedBy(BookieStatus status) =>
            (status == BookieStatus.Ok ? Interlocked.Decrement(ref _missing) : Interlocked.Decrement(ref _failures)) == 0;
    }
}
