using System.Text.Json.Serialization;
using Bank.Accounts;
using Daybook;

namespace Bank.Entries;

/// <summary>
/// Records a journal entry: all of its postings or none. It opens accounts that do not exist yet, and a posting may overdraw;
/// that is not an error in bookkeeping.
/// </summary>
/// <param name="Entry">Its identity; posting the same entry again changes nothing.</param>
/// <param name="Date">The date it is booked on.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Postings">One or more postings that sum to zero in each currency, over at most <see cref="MaxAccounts"/> accounts.</param>
public sealed record Post(JournalEntryId Entry, DateOnly Date, string Description, IReadOnlyList<Posting> Postings)
{
    /// <summary>The maximum number of accounts in one entry; the transaction also names the entry itself.</summary>
    public const int MaxAccounts = 999;

    /// <summary>The accounts it touches, each once.</summary>
    [JsonIgnore]
    public IEnumerable<AccountId> Accounts => Postings.Select(posting => posting.Account).Distinct();
}

/// <summary>Decides <see cref="Post"/>.</summary>
public static class PostHandler
{
    /// <summary>Refused as <c>no-legs</c>, <c>unbalanced</c> or <c>amount-overflow</c>.</summary>
    public static Decision Handle(Post command, Entry? entry, IReadOnlyDictionary<AccountId, Account?> accounts)
    {
        if (entry is not null)
            return Decision.Nothing;
        if (command.Postings.Count == 0)
            return Decision.Reject("no-legs", "A journal entry needs at least one posting.");
        return Residuals.Refusal(command.Postings) ?? Book(command, accounts);
    }

    private static Decision Book(Post command, IReadOnlyDictionary<AccountId, Account?> accounts)
    {
        var decision = Decision.Emit(command.Entry, new EntryRecorded(command.Entry, command.Date, command.Description, command.Postings));
        foreach (var postings in command.Postings.GroupBy(posting => posting.Account))
        {
            var amounts = postings.Select(posting => posting.Money).ToArray();
            var account = accounts[postings.Key];
            if (account is null)
            {
                var opened = new Opened(postings.Key, [.. amounts.Select(a => a.Currency).Distinct()]);
                account = Account.Create(opened);
                decision = decision.And(postings.Key, opened);
            }
            if (Rules.HasRoomFor(account, amounts) is { } refusal)
                return refusal;
            decision = decision.And(postings.Key, new Posted(command.Entry, command.Date, command.Description, amounts));
        }
        return decision;
    }
}
