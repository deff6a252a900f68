using Bank.Amounts;
using Bank.Entries;
using Daybook;

namespace Bank.Accounts;

/// <summary>An account was opened, empty, with these currencies.</summary>
[EventType("bank.opened.v1")]
public sealed record Opened(AccountId Account, IReadOnlyList<Currency> Currencies);

/// <summary>Money came in from outside the bank.</summary>
[EventType("bank.deposited.v1")]
public sealed record Deposited(Currency Currency, decimal Amount);

/// <summary>Money left the bank.</summary>
[EventType("bank.withdrawn.v1")]
public sealed record Withdrawn(Currency Currency, decimal Amount);

/// <summary>Money went to another account of the bank; that one has the <see cref="TransferReceived"/> of the same command.</summary>
[EventType("bank.transfer-sent.v1")]
public sealed record TransferSent(AccountId To, Currency Currency, decimal Amount);

/// <summary>Money came from another account of the bank.</summary>
[EventType("bank.transfer-received.v1")]
public sealed record TransferReceived(AccountId From, Currency Currency, decimal Amount);

/// <summary>The postings of a journal entry that concern this account.</summary>
/// <param name="Entry">The entry, whose own stream holds all of its postings.</param>
/// <param name="Date">The date it is booked on.</param>
/// <param name="Description">What it was for.</param>
/// <param name="Amounts">The amounts added to the account; negative amounts are subtracted.</param>
[EventType("bank.posted.v1")]
public sealed record Posted(JournalEntryId Entry, DateOnly Date, string Description, IReadOnlyList<Money> Amounts);
