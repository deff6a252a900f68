using Bank.Amounts;
using Daybook;

namespace Bank.Accounts;

/// <summary>Opens an account.</summary>
/// <param name="Account">A name that is not in use.</param>
/// <param name="Currencies">The currencies of its deposits and transfers; at least one, each once.</param>
public sealed record Open(AccountId Account, IReadOnlyList<Currency> Currencies);

/// <summary>Decides <see cref="Open"/>.</summary>
public static class OpenHandler
{
    /// <summary>Refused as <c>already-open</c>, <c>no-currency</c> or <c>duplicate-currency</c>.</summary>
    public static Decision Handle(Open command, Account? account)
    {
        if (account is not null)
            return Decision.Reject("already-open", $"Account '{command.Account}' is already open.");
        if (command.Currencies.Count == 0)
            return Decision.Reject("no-currency", "An account needs at least one currency.");
        if (command.Currencies.Distinct().Count() != command.Currencies.Count)
            return Decision.Reject("duplicate-currency", "A currency is named twice.");
        return Decision.Emit(new Opened(command.Account, command.Currencies));
    }
}
