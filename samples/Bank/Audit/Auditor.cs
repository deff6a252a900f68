using Bank.Accounts;
using Bank.ReadModels;
using Daybook;
using Daybook.Projections;

namespace Bank.Audit;

/// <summary>The result of an audit.</summary>
/// <param name="Streams">Streams folded.</param>
/// <param name="Events">Events read.</param>
/// <param name="Accounts">Accounts among the streams.</param>
/// <param name="Differences">The differences, one sentence each; empty when there are none.</param>
public sealed record AuditReport(int Streams, long Events, int Accounts, IReadOnlyList<string> Differences);

/// <summary>
/// Reads every stream from its first event, folds it again and compares the result with the engine's state, with the read models, and with
/// zero-sum. The streams are found from three sides, so that a row lost from one read model hides none: the balances, the
/// log of movements, and the accounts and entries that events name; the totals show whether all three missed one.
/// </summary>
public sealed class Auditor(
    IDaybook book, IReadModel<Balance> balances, IReadModel<LoggedMovement> movements, IReadModel<Total> totals, ReadModelClock clock)
{
    private readonly EventBodies _bodies = new();

    /// <summary>Audits the current book. Commands executed during the audit may show up as differences.</summary>
    public async Task<AuditReport> AuditAsync(CancellationToken cancellationToken = default)
    {
        await clock.CatchUpAsync(cancellationToken);
        var rows = await balances.QueryAsync(cancellationToken: cancellationToken).Select(row => row.Value).ToListAsync(cancellationToken);
        var refold = await RefoldAsync(rows, cancellationToken);
        List<string> differences =
        [
            .. refold.Differences(),
            .. ReadModelCheck.Differences(refold.Accounts, rows),
            .. await EngineDifferencesAsync(refold, cancellationToken),
            .. await TotalDifferencesAsync(refold, cancellationToken),
        ];
        return new AuditReport(refold.Streams, refold.Events, refold.Accounts.Count, differences);
    }

    private async Task<Refold> RefoldAsync(IEnumerable<Balance> rows, CancellationToken cancellationToken)
    {
        var refold = new Refold();
        var found = new StreamSearch();
        foreach (var row in rows)
            found.Account(row.Account);
        await foreach (var row in movements.QueryAsync(cancellationToken: cancellationToken))
            found.Movement(row.Value);
        while (found.TryNext(out var stream))
        {
            await foreach (var recorded in book.Streams.ReadAsync(stream, cancellationToken: cancellationToken))
            {
                var body = _bodies.Read(recorded);
                refold.Add(recorded, body);
                found.Named(body);
            }
        }
        return refold;
    }

    private async Task<List<string>> EngineDifferencesAsync(Refold refold, CancellationToken cancellationToken)
    {
        var differences = new List<string>();
        foreach (var (id, account) in refold.Accounts)
        {
            var state = (await book.ReadAsync<Account>(id, cancellationToken: cancellationToken)).State;
            if (state is null || !SameBalances(state, account))
                differences.Add($"account '{id}': the events do not fold to the state that the engine answers with");
        }
        return differences;
    }

    private async Task<List<string>> TotalDifferencesAsync(Refold refold, CancellationToken cancellationToken)
    {
        var all = await totals.QueryAsync(cancellationToken: cancellationToken).Select(row => row.Value).ToListAsync(cancellationToken);
        var (accounts, movements) = (all.Sum(total => total.Accounts), all.Sum(total => total.Movements));
        var differences = new List<string>();
        if (accounts != refold.Accounts.Count)
            differences.Add($"the totals count {accounts} accounts, the events {refold.Accounts.Count}");
        if (movements != refold.Movements)
            differences.Add($"the totals count {movements} movements, the events {refold.Movements}");
        return differences;
    }

    private static bool SameBalances(Account left, Account right) =>
        left.Balances.Count == right.Balances.Count
        && left.Balances.All(x => right.Balances.TryGetValue(x.Key, out var amount) && amount == x.Value);
}
