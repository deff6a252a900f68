using Microsoft.Extensions.Logging;

namespace Daybook.BookKeeper.Writing;

/// <summary>
/// Follows the metadata of a ledger that is being written, with one watch: a later owner that takes the ledger, or deletes it, ends its writer even if the
/// bookies have forgotten that they were fenced (invariants L14, L22). What the writer writes itself is read again only to watch on.
/// </summary>
internal sealed class WriterWatch(ClientServices services, WriterDriver driver) : IDisposable
{
    /// <summary>How long until the metadata are looked at again that could not be read.</summary>
    public static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();

    /// <summary>Follows until the writer has closed its ledger, has failed or is let go; a fenced one, until its ledger is deleted.</summary>
    public async Task RunAsync()
    {
        // A watch also ends with its session: what happened meanwhile is then seen by reading.
        while (driver.FollowsMetadata && !_stop.IsCancellationRequested)
        {
            var changed = await LookAsync().ConfigureAwait(false);
            await changed.WaitAsync(_stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await driver.LastWrite.ConfigureAwait(false);
        }
    }

    public void Dispose() => _stop.Cancel();

    /// <returns>Completes when it is time to look again.</returns>
    private async Task<Task> LookAsync()
    {
        try
        {
            var read = await services.Metadata.ReadAndWatchAsync(driver.Ledger, _stop.Token).ConfigureAwait(false);
            driver.Post(machine => machine.Observed(read.Now));
            return read.Changed;
        }
        catch (BookKeeperException e) when (e.Error == BookKeeperError.NoSuchLedgerMetadata)
        {
            driver.Post(machine => machine.Gone(e));
            return Task.CompletedTask;
        }
        catch (Exception e) when (_stop.IsCancellationRequested || e is BookKeeperException { Error: BookKeeperError.Closed })
        {
            await _stop.CancelAsync().ConfigureAwait(false);
            return Task.CompletedTask;
        }
        catch (Exception e)
        {
            services.Log.LogWarning(e, "The metadata of ledger {Ledger} cannot be watched at the moment; its bookies still report fencing to its writer.", driver.Ledger);
        }
        return Task.Delay(LookAgainAfter, services.Time, CancellationToken.None);
    }
}
