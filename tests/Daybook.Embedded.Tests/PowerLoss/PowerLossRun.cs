using Daybook.Embedded.Coordination;
using Daybook.Embedded.Store;
using Daybook.Embedded.Tests.Truncation;
using Daybook.Files;
using Daybook.Testing.Faults;

namespace Daybook.Embedded.Tests.PowerLoss;

/// <summary>One book on one simulated disk, and what it must hold. The seed decides what is sent and when the power goes.</summary>
internal sealed class PowerLossRun
{
    private const int Jars = 8;
    private const int CommandsOfALife = 120;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly SimulatedFileSystem _files;
    private readonly Random _random;
    private readonly bool _lies;
    private readonly Dictionary<string, int> _amounts = Enumerable.Range(0, Jars).ToDictionary(i => $"j{i}", _ => 0);
    private readonly List<Sent> _inDoubt = [];
    private readonly Dictionary<int, (Sent Sent, int Life, string How)> _history = [];
    private int _life;
    private int _commands;
    private int _amount;

    public PowerLossRun(int seed, bool lies = false) => (_files, _random, _lies) = (new SimulatedFileSystem(seed), new Random(seed), lies);

    /// <summary>Opens the book, checks it, works on it, and ends in a loss of power.</summary>
    public async Task LiveAsync()
    {
        _life++;
        _files.Faults.LyingSync = _lies;
        if (_random.Next(4) > 0)
            _files.Faults.CrashAfter(_random.Next(1, 160));
        if (await TryOpenAsync() is { } book)
        {
            await WorkAsync(book);
            if (_random.Next(6) == 0)
                await book.DisposeAsync().AsTask().WaitAsync(s_patience);
            _files.Faults.Clear();
            _files.Crash();
            await book.DisposeAsync().AsTask().WaitAsync(s_patience);
            return;
        }
        _files.Faults.Clear();
        _files.Crash();
    }

    /// <summary>Every event that is kept is there once, and the states are those of all that was accepted.</summary>
    public async Task ExpectAllAsync()
    {
        _files.Faults.Clear();
        await using var book = await OpenAsync();
        await SettleAsync(book);
        foreach (var (jar, amount) in _amounts)
        {
            var seen = new HashSet<int>();
            var last = (await book.ReadAsync<Jar>(jar)).Version.Value;
            try
            {
                await foreach (var each in book.Streams.ReadAsync(new StreamId($"jar/{jar}"), direction: ReadDirection.Backwards))
                {
                    Assert.Equal(last--, each.Version.Value);
                    Assert.True(seen.Add(Crc(each)), $"an event of {jar} is there twice");
                }
                Assert.Equal(0, last);
            }
            catch (DaybookException truncated) when (truncated.Code == ErrorCode.Truncated)
            {
                continue;
            }
        }
    }

    private static int Crc(RecordedEvent each) => (int)Crc32C.Compute(each.Data.Span);

    private async Task<Book?> TryOpenAsync()
    {
        try
        {
            var book = await OpenAsync();
            try
            {
                await SettleAsync(book);
                return book;
            }
            catch (DaybookException stopped) when (IsLossOfPower(stopped))
            {
                _files.Faults.Clear();
                _files.Crash();
                await book.DisposeAsync().AsTask().WaitAsync(s_patience);
                return null;
            }
        }
        catch (DaybookException stopped) when (IsLossOfPower(stopped))
        {
            return null;
        }
        catch (SimulatedCrashException)
        {
            return null;
        }
    }

    /// <summary>The loss itself is an inner exception somewhere, or the store and the partitions report that they have stopped for it.</summary>
    private static bool IsLossOfPower(DaybookException error) =>
        error is InDoubtException || error.Code is ErrorCode.StoreFailed or ErrorCode.NotOwner || error.InnerException is IOException;

    private Task<Book> OpenAsync() => OpenAsync(_files.ForOneProcess());

    private static async Task<Book> OpenAsync(IFileSystem files) => await new DaybookBuilder()
        .UseLedgers(async token => await EmbeddedLedgerStore.OpenAsync(
            "ledgers", new() { SegmentBytes = 2304 * 1024, MaxEntryBytes = 576 * 1024 }, files, token))
        .UseCoordinator(async token => await LocalCoordinator.OpenAsync("coordination", files, token))
        .AddHandlers(typeof(JarHandlers))
        .Configure(o => (o.Partitions, o.LedgerBytes, o.RecoveryPointEvery, o.CommandWindow, o.SnapshotEvery, o.CachedStates, o.MaxRecordBytes) =
            (2, 1024 * 1024, 1000, 1000, 20, 16, 16 * 1024))
        .OpenAsync().AsTask().WaitAsync(s_patience);

    /// <summary>Finds out about each command whose end is not known, and compares every state with what must be in it.</summary>
    private async Task SettleAsync(Book book)
    {
        foreach (var sent in _inDoubt.ToList())
        {
            var outcome = await book.OutcomeOfAsync(sent.Id).AsTask().WaitAsync(s_patience);
            Count(sent, outcome is Outcome.Accepted);
            Note(sent, $"in doubt, then {outcome?.GetType().Name ?? "none"}");
            _inDoubt.Remove(sent);
        }
        foreach (var (jar, amount) in _amounts)
        {
            var found = (await book.ReadAsync<Jar>(jar).AsTask().WaitAsync(s_patience)).State?.Amount ?? 0;
            Assert.True(found == amount, Difference(jar, found, amount));
        }
    }

    /// <summary>What became of the commands that the difference may come from: that of the same amount, and those that were in doubt
    /// lately.</summary>
    private string Difference(string jar, int found, int expected)
    {
        var suspects = _history.Values.Where(each => each.Sent.Jar == jar || each.Sent.Other == jar)
            .Where(each => each.Sent.Amount == Math.Abs(found - expected) || (each.Life >= _life - 1 && each.How.StartsWith("in doubt", StringComparison.Ordinal)));
        return $"{jar} holds {found} instead of {expected} ({found - expected:+#;-#;0}) in life {_life}: "
            + string.Join("; ", suspects.Select(each => $"{each.Sent} of life {each.Life} {each.How}"));
    }

    private void Note(Sent sent, string how) => _history[sent.Amount] = (sent, _life, how);

    private async Task WorkAsync(Book book)
    {
        for (var left = CommandsOfALife; left > 0;)
        {
            var group = Enumerable.Range(0, Math.Min(left, 1 + _random.Next(20))).Select(_ => Next()).ToList();
            left -= group.Count;
            await Task.WhenAll(group.Select(sent => SendAsync(book, sent))).WaitAsync(s_patience);
            if (_inDoubt.Count > 0)
                return;
        }
        if (_random.Next(3) == 0)
            await TruncateAsync(book);
    }

    private Sent Next()
    {
        var (jar, id) = ($"j{_random.Next(Jars)}", new CommandId(new Guid(++_commands, 0, 0, new byte[8])));
        if (_random.Next(8) > 0)
            return new Sent(id, jar, null, ++_amount);
        var other = $"j{(int.Parse(jar[1..], System.Globalization.CultureInfo.InvariantCulture) + 1 + _random.Next(Jars - 1)) % Jars}";
        return new Sent(id, jar, other, ++_amount);
    }

    private async Task SendAsync(Book book, Sent sent)
    {
        try
        {
            var sending = sent.Other is { } other
                ? book.SendAsync(new Pour(sent.Jar, other, sent.Amount), sent.Id)
                : book.SendAsync(new Fill(sent.Jar, sent.Amount), sent.Id);
            var outcome = await sending.AsTask().WaitAsync(s_patience);
            lock (_inDoubt)
            {
                if (outcome is Outcome.InDoubt)
                    _inDoubt.Add(sent);
                Count(sent, outcome is Outcome.Accepted);
                Note(sent, $"answered {outcome.GetType().Name}");
            }
        }
        catch (DaybookException stopped) when (IsLossOfPower(stopped))
        {
            lock (_inDoubt)
                _inDoubt.Add(sent);

        }
    }

    private static async Task TruncateAsync(Book book)
    {
        try
        {
            foreach (var partition in book.Partitions)
                await book.TruncateAsync(partition.Partition, partition.Head ?? default).AsTask().WaitAsync(s_patience);
        }
        catch (DaybookException refused) when (IsLossOfPower(refused) || refused.Code == ErrorCode.HandlerFailed)
        {
            // The power went, or a jar is in debt: its state cannot be written, so its events stay.
            return;
        }
    }

    private void Count(Sent sent, bool accepted)
    {
        if (!accepted)
            return;
        if (sent.Other is null)
        {
            _amounts[sent.Jar] += sent.Amount;
            return;
        }
        _amounts[sent.Jar] -= sent.Amount;
        _amounts[sent.Other] += sent.Amount;
    }

    private sealed record Sent(CommandId Id, string Jar, string? Other, int Amount);
}
