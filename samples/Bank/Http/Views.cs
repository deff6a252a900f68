using Bank.Accounts;
using Bank.Amounts;
using Bank.ReadModels;

namespace Bank.Http;

/// <summary>An account as read from the book itself.</summary>
public sealed record AccountView(AccountId Account, long Version, IReadOnlyList<Money> Balances);

/// <summary>An account as read from the read model.</summary>
public sealed record AccountBalances(AccountId Account, IList<Money> Balances);

/// <summary>A page of accounts by name.</summary>
/// <param name="Accounts">The accounts.</param>
/// <param name="After">The value of <c>after</c> for the next page; null on the last.</param>
public sealed record AccountsPage(IReadOnlyList<AccountBalances> Accounts, AccountId? After);

/// <summary>A page of recent entries, the latest date first.</summary>
/// <param name="Entries">The entries.</param>
/// <param name="Before">The value of <c>before</c> for the next page; null on the last.</param>
public sealed record EntriesPage(IReadOnlyList<RecentEntry> Entries, string? Before);

/// <summary>The figures of the bank.</summary>
/// <param name="Accounts">Accounts in the read model.</param>
/// <param name="Movements">Deposits, withdrawals, transfers and entries in the read model.</param>
/// <param name="Commands">Commands executed since the program started.</param>
/// <param name="PerSecond">Commands executed in each of the last 60 full seconds, oldest first.</param>
/// <param name="Lag">Journal records that the slowest projection still has to apply.</param>
public sealed record Stats(long Accounts, long Movements, long Commands, IReadOnlyList<int> PerSecond, long Lag);
