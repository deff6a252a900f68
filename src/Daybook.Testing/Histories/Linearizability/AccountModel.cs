namespace Daybook.Testing.Histories.Linearizability;

/// <summary>Accounts that start at zero and reject an overdraft.</summary>
public sealed class AccountModel : ISequentialModel<decimal, AccountCall, AccountReturn>
{
    /// <inheritdoc />
    public decimal Initial => 0;

    /// <inheritdoc />
    public string KeyOf(AccountCall call) => call.Account;

    /// <inheritdoc />
    public (decimal Next, AccountReturn Return) Apply(decimal state, AccountCall call) => state + call.Amount is >= 0 and var next
        ? (next, new AccountReturn(true, next))
        : (state, new AccountReturn(false, state));
}
