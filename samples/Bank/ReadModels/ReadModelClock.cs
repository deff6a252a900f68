using Bank.Accounts;
using Daybook;
using Daybook.Projections;

namespace Bank.ReadModels;

/// <summary>Waits until the read models show the current state of the book.</summary>
/// <remarks>
/// A transaction is in the book once its coordinator has recorded it; the participants make their part visible soon after. So it
/// takes two steps: wait for the records of each partition, then for the effect of the newest movements on each account that they name.
/// </remarks>
public sealed class ReadModelClock(IDaybook book, IProjections projections, IReadModel<LoggedMovement> movements, TimeProvider time)
{
    // A failing projection is retried; waiting for it ends with an error after this many failures in a row.
    private const int FailuresToWaitFor = 6;
    private static readonly TimeSpan LookAfter = TimeSpan.FromSeconds(1);

    // More than can be in flight together.
    private const int Newest = 5_000;

    /// <summary>How many journal records the slowest projection still has to apply.</summary>
    public long Lag => projections.Status.Select(status => status.Lag).DefaultIfEmpty().Max();

    /// <summary>Waits until every projection has applied everything that was in the book when it was opened.</summary>
    /// <exception cref="DaybookException">A projection is parked at an event, or keeps failing.</exception>
    public Task CatchUpAsync(CancellationToken cancellationToken = default) => CatchUpAsync([], cancellationToken);

    /// <summary>Waits for that, and for everything acknowledged since.</summary>
    /// <param name="acknowledged">The last position of each partition that commands were acknowledged with.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task CatchUpAsync(IEnumerable<Position> acknowledged, CancellationToken cancellationToken = default)
    {
        foreach (var status in projections.Status.Where(status => status.Head.Value > 0))
            await WaitAsync(status.Projection.Name, LastOf(status), cancellationToken);
        foreach (var position in acknowledged)
            await WaitAsync(position, cancellationToken);
        await foreach (var account in NewestAccounts(cancellationToken))
        {
            await foreach (var last in book.Streams.ReadAsync(account.Stream, direction: ReadDirection.Backwards, cancellationToken: cancellationToken))
            {
                await WaitAsync(last.Position, cancellationToken);
                break;
            }
        }
    }

    private static Position LastOf(ProjectionStatus status) => new(status.Partition, new JournalOffset(status.Head.Value - 1));

    private IAsyncEnumerable<AccountId> NewestAccounts(CancellationToken cancellationToken) => movements
        .QueryAsync(descending: true, limit: Newest, cancellationToken: cancellationToken)
        .SelectMany(row => row.Value.Accounts.ToAsyncEnumerable())
        .Distinct();

    private async Task WaitAsync(Position position, CancellationToken cancellationToken)
    {
        foreach (var name in projections.Status.Select(status => status.Projection.Name).Distinct())
            await WaitAsync(name, position, cancellationToken);
    }

    private async Task WaitAsync(string name, Position position, CancellationToken cancellationToken)
    {
        var passed = projections.WaitForAsync(name, position, cancellationToken).AsTask();
        while (await Task.WhenAny(passed, Task.Delay(LookAfter, time, cancellationToken)) != passed)
        {
            var status = projections.Status.First(status => status.Projection.Name == name && status.Partition == position.Partition);
            if (status.FailedAttempts >= FailuresToWaitFor)
                throw new DaybookException(ErrorCode.StoreFailed, $"The read model '{name}' makes no progress: {status.Error}");
        }
        await passed;
    }
}
