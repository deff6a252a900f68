using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Daybook.Hosting;

/// <summary>The host's book: opened with the host, closed with it. Calls before and after are refused.</summary>
internal sealed class HostedBook(DaybookBuilder builder, IServiceProvider services, TimeProvider time, ILoggerFactory logging)
    : IHostedService, IDaybook, IAsyncDisposable
{
    private Book? _book;

    /// <exception cref="DaybookException"><see cref="ErrorCode.Closed"/> while the host is not running.</exception>
    public Book Opened => Volatile.Read(ref _book)
        ?? throw new DaybookException(ErrorCode.Closed, "The book is not open: the host has not started yet, or is stopping.");

    public IEventStore Streams => Opened.Streams;

    public async Task StartAsync(CancellationToken cancellationToken) =>
        _book = await builder.OpenAsync(services, time, logging, cancellationToken).ConfigureAwait(false);

    public Task StopAsync(CancellationToken cancellationToken) => DisposeAsync().AsTask();

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

    public ValueTask DisposeAsync() => Interlocked.Exchange(ref _book, null)?.DisposeAsync() ?? ValueTask.CompletedTask;
}
