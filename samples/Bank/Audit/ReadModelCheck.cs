using Bank.Accounts;
using Bank.Amounts;
using Bank.ReadModels;

namespace Bank.Audit;

/// <summary>Compares the rows of the read model with the events.</summary>
internal static class ReadModelCheck
{
    public static IEnumerable<string> Differences(IReadOnlyDictionary<AccountId, Account> accounts, IEnumerable<Balance> rows)
    {
        var expected = accounts.Values
            .SelectMany(account => account.Balances.Select(x => KeyValuePair.Create((account.Id, x.Key), x.Value)))
            .ToDictionary();
        foreach (var row in rows)
        {
            if (!expected.Remove((row.Account, row.Currency), out var amount))
                yield return $"the read model has {Named(row.Account, row.Currency)}, the events do not";
            else if (amount != row.Amount)
                yield return $"{Named(row.Account, row.Currency)}: the events give {ExactDecimal.Text(amount)}, "
                    + $"the read model {ExactDecimal.Text(row.Amount)}";
        }
        foreach (var (account, currency) in expected.Keys)
            yield return $"the events have {Named(account, currency)}, the read model does not";
    }

    private static string Named(AccountId account, Currency currency) => $"account '{account}' in {currency}";
}
