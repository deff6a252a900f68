using Bank.Accounts;
using Bank.Amounts;
using Daybook.Projections;

namespace Bank.ReadModels;

/// <summary>How much an account holds in one currency.</summary>
public sealed record Balance(AccountId Account, Currency Currency, decimal Amount);

/// <summary>The balances by account and currency, in that order.</summary>
[Projection("balances", Version = 1)]
public sealed class Balances : IDocumentProjection<Balance>
{
    // Sorts below every character that a name may hold, so that the rows of one account stay together.
    private const char Separator = '\t';

    /// <summary>The key of a row.</summary>
    public static string KeyOf(AccountId account, Currency currency) => $"{account}{Separator}{currency}";

    /// <summary>A key that sorts after all rows of an account and before those of the next.</summary>
    public static string AfterAllOf(AccountId account) => $"{account}{(char)(Separator + 1)}";

    /// <inheritdoc/>
    public IEnumerable<string> KeysOf(ProjectedEvent projected) => AccountId.Of(projected.Recorded.Stream) is { } account
        ? Movements.Of(projected.Body).Select(money => money.Currency).Distinct().Select(currency => KeyOf(account, currency))
        : [];

    /// <inheritdoc/>
    public Balance? Apply(string key, Balance? document, ProjectedEvent projected)
    {
        var account = AccountId.Of(projected.Recorded.Stream)!.Value;
        var currency = new Currency(key[(account.Value.Length + 1)..]);
        var amount = Movements.Of(projected.Body)
            .Where(money => money.Currency == currency)
            .Aggregate(document?.Amount ?? 0m, (sum, money) => ExactDecimal.Add(sum, money.Amount));
        return new Balance(account, currency, amount);
    }
}
