using Daybook.ZooKeeper;

namespace Daybook.BookKeeper.Metadata;

/// <summary>Asks ZooKeeper, again after lost connections and sessions, for a bounded time, and words its errors as those of the client.</summary>
internal sealed class MetadataCalls(SessionKeeper sessions, BookKeeperOptions options)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    /// <summary>The clock.</summary>
    public TimeProvider Time => options.Time;

    /// <summary>Takes a step until it is answered.</summary>
    /// <param name="ledger">What it is about, for errors.</param>
    /// <param name="step">May be taken more than once, on different sessions: it must bear that an earlier one was carried out and its answer lost.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="BookKeeperException"><see cref="BookKeeperError.MetadataUnavailable"/> when the time is up, and what <see cref="Worded"/> makes of
    /// errors that a repetition would not help.</exception>
    public async Task<T> AskAsync<T>(LedgerId? ledger, Func<ZooKeeperClient, CancellationToken, Task<T>> step, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(options.MetadataTimeout, options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        for (ZooKeeperException? last = null; ; await PauseAsync(either.Token).ConfigureAwait(false))
        {
            try
            {
                var client = await sessions.GetAsync(either.Token).ConfigureAwait(false);
                return await step(client, either.Token).ConfigureAwait(false);
            }
            catch (ZooKeeperException e) when (e.IsTransient || e.Error == ZooKeeperError.SessionExpired)
            {
                last = e;
            }
            catch (ZooKeeperException e)
            {
                throw Worded(e, ledger);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && patience.IsCancellationRequested)
            {
                throw Late(ledger, last);
            }
            catch (ObjectDisposedException e)
            {
                throw new BookKeeperException(BookKeeperError.Closed, "the client was closed", ledger, inner: e);
            }
        }
    }

    /// <summary>The time is up.</summary>
    public BookKeeperException Late(LedgerId? ledger, Exception? last) => new(
        BookKeeperError.MetadataUnavailable,
        $"ZooKeeper at {sessions.Options.ConnectString} did not answer within {options.MetadataTimeout.TotalSeconds} s (option MetadataTimeout)", ledger, inner: last);

    /// <summary>An error of ZooKeeper's that a repetition would not help.</summary>
    public static BookKeeperException Worded(ZooKeeperException error, LedgerId? ledger) =>
        new(Meaning(error.Error), $"ZooKeeper does not do it: {error.Message.TrimEnd('.')}", ledger, inner: error);

    private static BookKeeperError Meaning(ZooKeeperError error) => error switch
    {
        ZooKeeperError.BadArguments or ZooKeeperError.NoNode or ZooKeeperError.Unimplemented => BookKeeperError.IncorrectParameter,
        ZooKeeperError.NoAuth or ZooKeeperError.AuthFailed or ZooKeeperError.InvalidAcl or ZooKeeperError.SaslAuthRequired => BookKeeperError.Unauthorized,
        _ => BookKeeperError.MetadataUnavailable,
    };

    /// <summary>A node's data, with every write that was answered before, to any client (invariant C8).</summary>
    public static async Task<NodeData> ReadFreshAsync(ZooKeeperClient client, string path, CancellationToken cancellationToken)
    {
        await client.SyncAsync(path, cancellationToken).ConfigureAwait(false);
        return await client.GetAsync(path, cancellationToken).ConfigureAwait(false);
    }

    private async Task PauseAsync(CancellationToken cancellationToken) =>
        await Task.Delay(s_pause, options.Time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
