using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Daybook.Hosting;

/// <summary>
/// The host's book: started with the host, closed with it. The start of the host never waits long for what lies outside of the process; the
/// book stands by until it can be owned here. Calls before and after are refused.
/// </summary>
internal sealed partial class HostedBook(DaybookBuilder builder, IServiceProvider services, TimeProvider time, ILoggerFactory logging)
    : IHostedLifecycleService, IDaybook, IBookStatus, IAsyncDisposable
{
    // Services that start after this one find the book ready, unless that takes longer than they should have to wait for.
    private static readonly TimeSpan s_startPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_startedPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_settled = TimeSpan.FromSeconds(1);
    private static int s_rehearsed;

    private readonly ILogger _logger = logging.CreateLogger<HostedBook>();
    private readonly CancellationTokenSource _stopping = new();
    private Book? _book;
    private Task _watching = Task.CompletedTask;

    /// <exception cref="DaybookException"><see cref="ErrorCode.Closed"/> while the host is not running.</exception>
    public Book Opened => Volatile.Read(ref _book)
        ?? throw new DaybookException(ErrorCode.Closed, "The book is not open: the host has not started yet, or is stopping.");

    public IEventStore Streams => Opened.Streams;

    public IReadOnlyList<PartitionStatus> Partitions => Opened.Partitions;

    public string? ReadModelsError => Opened.ReadModelsError;

    public ValueTask ReadyAsync(CancellationToken cancellationToken = default) => Opened.ReadyAsync(cancellationToken);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!builder.Options.StandBy)
        {
            _book = await builder.OpenAsync(services, time, logging, cancellationToken).ConfigureAwait(false);
            return;
        }
        var book = _book = builder.Start(services, time, logging);
        await ReadyOrStandingByAsync(book, s_startPatience, cancellationToken).ConfigureAwait(false);
        _watching = WatchAsync(book, _stopping.Token);
    }

    public Task StartedAsync(CancellationToken cancellationToken) =>
        _book is { } book ? ReadyOrStandingByAsync(book, s_startedPatience, cancellationToken) : Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Closes the book; leaves it to its session's end when that takes longer than the host allows.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        var closing = DisposeAsync().AsTask();
        if (await Task.WhenAny(closing, Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken)).ConfigureAwait(false) == closing)
            await closing.ConfigureAwait(false);
        else
            LogNotClosed();
    }

    public ValueTask<Outcome> SendAsync<TCommand>(
        TCommand command, CommandId id, CommandOptions? options = null, CancellationToken cancellationToken = default)
        where TCommand : notnull => Opened.SendAsync(command, id, options, cancellationToken);

    public ValueTask<Outcome?> OutcomeOfAsync(CommandId id, CancellationToken cancellationToken = default) =>
        Opened.OutcomeOfAsync(id, cancellationToken);

    public ValueTask<IReadOnlyList<Position>> PositionsOfAsync(Outcome.Accepted accepted, CancellationToken cancellationToken = default) =>
        Opened.PositionsOfAsync(accepted, cancellationToken);

    public ValueTask<Aggregate<TState>> ReadAsync<TState>(
        object key, StreamVersion? at = null, CancellationToken cancellationToken = default)
        where TState : class => Opened.ReadAsync<TState>(key, at, cancellationToken);

    public ValueTask<JournalOffset> TruncateAsync(PartitionId partition, JournalOffset before, CancellationToken cancellationToken = default) =>
        Opened.TruncateAsync(partition, before, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _book, null) is not { } book)
            return;
        await _stopping.CancelAsync().ConfigureAwait(false);
        await book.DisposeAsync().ConfigureAwait(false);
        await _watching.ConfigureAwait(false);
    }

    /// <summary>Returns when the book is ready, when it is known to have to wait, or when the patience is over.</summary>
    /// <exception cref="DaybookException">Waiting does not help; the host cannot start.</exception>
    private async Task ReadyOrStandingByAsync(Book book, TimeSpan patience, CancellationToken cancellationToken)
    {
        var ready = book.ReadyAsync(cancellationToken).AsTask();
        try
        {
            await Task.WhenAny(ready, book.Beginning.StandingBy).WaitAsync(patience, time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
        }
        if (ready.IsFaulted)
        {
            await DisposeAsync().ConfigureAwait(false);
            await ready.ConfigureAwait(false);
        }
    }

    /// <summary>Logs once that the book stands by, and once that it is ready.</summary>
    private async Task WatchAsync(Book book, CancellationToken stopping)
    {
        try
        {
            var ready = book.ReadyAsync(stopping).AsTask();
            var late = Task.Delay(s_startedPatience, time, stopping);
            if (await Task.WhenAny(ready, book.Beginning.StandingBy, late).ConfigureAwait(false) == ready)
            {
                await ready.ConfigureAwait(false);
                await Task.Delay(s_settled, time, stopping).ConfigureAwait(false);
                await RehearseAsync(book, stopping).ConfigureAwait(false);
                return;
            }
            LogStandsBy(ReasonOf(book));
            await Task.WhenAll(LogReadyAsync(ready, book), RehearseAsync(book, stopping)).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
        }
        catch (DaybookException e)
        {
            if (!stopping.IsCancellationRequested)
                LogFailed(e.Message);
        }
    }

    /// <summary>A rehearsal makes a takeover faster, for the process that ends too, and is needed for nothing: its failures are not
    /// reported.</summary>
    private static async Task RehearseAsync(Book book, CancellationToken stopping)
    {
        if (Interlocked.Exchange(ref s_rehearsed, 1) == 0)
            await Rehearsal.RunAsync(stopping).ConfigureAwait(false);
        await book.Beginning.RehearseAsync(stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task LogReadyAsync(Task ready, Book book)
    {
        await ready.ConfigureAwait(false);
        LogReady(book.Partitions.Count);
    }

    private static string? ReasonOf(Book book) => book.Partitions.FirstOrDefault(p => !p.IsOwned)?.Error ?? book.ReadModelsError;

    [LoggerMessage(Level = LogLevel.Warning, Message = "This process stands by: it serves read models, and refuses commands as NotOwner. {Reason}")]
    private partial void LogStandsBy(string? reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "This process owns the book, all {Partitions} partitions")]
    private partial void LogReady(int partitions);

    [LoggerMessage(Level = LogLevel.Error, Message = "The book cannot be owned here: {Reason}")]
    private partial void LogFailed(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The book could not be closed in the time that the host allows; its leases end with the process")]
    private partial void LogNotClosed();
}
