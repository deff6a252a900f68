using Daybook.Coordination;
using Daybook.Embedded.Coordination;
using Daybook.Embedded.Store;
using Daybook.Ledgers;

namespace Daybook.Embedded.Tests.Truncation;

/// <summary>A book of jars in a real folder, with the smallest ledgers and windows there are, that can be closed and opened again.</summary>
internal sealed class Cellar : IAsyncDisposable
{
    public const int Jars = 64;
    public const int Rounds = 80;
    private const int Window = 1000;
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, int> _amounts = [];
    private readonly List<Outcome.Accepted> _accepted = [];
    private Book? _book;

    public Book Book => _book ?? throw new InvalidOperationException("The cellar is closed.");

    /// <summary>The store below the book that is open.</summary>
    public InterruptedLedgers Ledgers { get; private set; } = null!;

    public InterruptedRecords Records { get; private set; } = null!;

    public async Task OpenAsync(Type? handlers = null, int checkpointEvery = 1000)
    {
        await CloseAsync();
        _book = await new DaybookBuilder()
            .UseLedgers(async token => Ledgers = new InterruptedLedgers(await EmbeddedLedgerStore.OpenAsync(_folder["ledgers"], cancellationToken: token)))
            .UseCoordinator(async token => Records = new InterruptedRecords(await LocalCoordinator.OpenAsync(_folder["records"], cancellationToken: token)))
            .UseSqliteProjections(_folder["read.db"])
            .AddHandlers(handlers ?? typeof(JarHandlers))
            .AddProjection<Levels, Level>()
            .Configure(o => (o.Partitions, o.LedgerBytes, o.RecoveryPointEvery, o.CommandWindow, o.CachedStates, o.SnapshotEvery) =
                (2, 1024 * 1024, checkpointEvery, Window, 16, 50))
            .OpenAsync();
    }

    /// <summary>Fills jars, some megabytes in each partition, and pours between jars of both partitions when asked to.</summary>
    public async Task FillAsync(int rounds = Rounds, bool pours = false)
    {
        for (var round = 0; round < rounds; round++)
        {
            var sent = Enumerable.Range(0, Jars).Select(async i => await FillAsync($"j{i}", 1)).ToArray();
            await Task.WhenAll(sent);
            if (pours)
                await PourAsync($"j{round % Jars}", $"j{(round + 7) % Jars}");
        }
    }

    public async Task FillAsync(string jar, int by)
    {
        Note(await Book.SendAsync(new Fill(jar, by), NewId()));
        Count(jar, by);
    }

    /// <summary>Cuts every partition as far as it goes.</summary>
    public async Task<JournalOffset[]> TruncateAllAsync()
    {
        var starts = new List<JournalOffset>();
        foreach (var partition in Book.Partitions)
            starts.Add(await Book.TruncateAsync(partition.Partition, partition.Head!.Value));
        return [.. starts];
    }

    /// <summary>Every jar holds what was put in, as an aggregate and in the read model.</summary>
    public async Task ExpectAmountsAsync()
    {
        foreach (var (jar, amount) in _amounts)
        {
            Assert.Equal(new Jar(amount), (await Book.ReadAsync<Jar>(jar)).State);
            await foreach (var last in Book.Streams.ReadAsync(new StreamId($"jar/{jar}"), direction: ReadDirection.Backwards))
            {
                await Book.Projections.WaitForAsync("levels", last.Position);
                break;
            }
            Assert.Equal(new Level(amount), await Book.ReadModel<Level>().GetAsync($"jar/{jar}"));
        }
    }

    /// <summary>Every command within the window of its partition still has its outcome (invariant J5).</summary>
    public async Task ExpectOutcomesAsync()
    {
        foreach (var partition in _accepted.GroupBy(accepted => accepted.Position.Partition))
        {
            foreach (var accepted in partition.OrderBy(a => a.Position.Offset).TakeLast(Window))
                Assert.Equal(accepted, await Book.OutcomeOfAsync(accepted.CommandId));
        }
    }

    public async Task<ErrorCode?> ReadFromTheFirstAsync(string jar)
    {
        try
        {
            await foreach (var _ in Book.Streams.ReadAsync(new StreamId($"jar/{jar}")))
                continue;
            return null;
        }
        catch (DaybookException e)
        {
            return e.Code;
        }
    }

    public async Task CloseAsync()
    {
        if (_book is not null)
            await _book.DisposeAsync();
        _book = null;
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _folder.Dispose();
    }

    private static CommandId NewId() => new(Guid.NewGuid());

    private async Task PourAsync(string from, string to)
    {
        Note(await Book.SendAsync(new Pour(from, to, 1), NewId()));
        Count(from, -1);
        Count(to, 1);
    }

    private void Note(Outcome outcome)
    {
        lock (_accepted)
            _accepted.Add(Assert.IsType<Outcome.Accepted>(outcome));
    }

    private void Count(string jar, int by)
    {
        lock (_amounts)
            _amounts[jar] = _amounts.GetValueOrDefault(jar) + by;
    }
}

/// <summary>A store that stops deleting on request, like a crash before a deletion.</summary>
internal sealed class InterruptedLedgers(EmbeddedLedgerStore inner) : ILedgerStore, IAsyncDisposable
{
    public bool StopDeleting { get; set; }

    public int MaxEntryBytes => inner.MaxEntryBytes;

    public bool OrdersAcrossLedgers => inner.OrdersAcrossLedgers;

    public bool ListsLocally => inner.ListsLocally;

    public ValueTask<ILedgerWriter> CreateAsync(ReadOnlyMemory<byte> metadata = default, CancellationToken cancellationToken = default) =>
        inner.CreateAsync(metadata, cancellationToken);

    public ValueTask<ILedgerReader> OpenAsync(LedgerId ledger, CancellationToken cancellationToken = default) => inner.OpenAsync(ledger, cancellationToken);

    public ValueTask<ILedgerReader> RecoverAsync(LedgerId ledger, CancellationToken cancellationToken = default) => inner.RecoverAsync(ledger, cancellationToken);

    public ValueTask DeleteAsync(LedgerId ledger, CancellationToken cancellationToken = default) => StopDeleting
        ? throw new DaybookException(ErrorCode.StoreFailed, "The power went.")
        : inner.DeleteAsync(ledger, cancellationToken);

    public IAsyncEnumerable<LedgerId> ListAsync(CancellationToken cancellationToken = default) => inner.ListAsync(cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}

/// <summary>A coordinator that stops changing records on request, like a crash before the change.</summary>
internal sealed class InterruptedRecords(LocalCoordinator inner) : ICoordinator, IAsyncDisposable
{
    public bool StopUpdating { get; set; }

    public ValueTask<CoordinationRecord?> ReadAsync(string key, CancellationToken cancellationToken = default) => inner.ReadAsync(key, cancellationToken);

    public ValueTask<CoordinationRecord> CreateAsync(string key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken = default) =>
        inner.CreateAsync(key, value, cancellationToken);

    public ValueTask<CoordinationRecord> UpdateAsync(string key, ReadOnlyMemory<byte> value, long expectedVersion, CancellationToken cancellationToken = default) =>
        StopUpdating ? throw new DaybookException(ErrorCode.StoreFailed, "The power went.") : inner.UpdateAsync(key, value, expectedVersion, cancellationToken);

    public ValueTask DeleteAsync(string key, long expectedVersion, CancellationToken cancellationToken = default) =>
        inner.DeleteAsync(key, expectedVersion, cancellationToken);

    public ValueTask<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellationToken = default) => inner.ListAsync(prefix, cancellationToken);

    public ValueTask<ILease> AcquireAsync(string name, CancellationToken cancellationToken = default) => inner.AcquireAsync(name, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
