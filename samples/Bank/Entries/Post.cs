using System.Text.Json.Serialization;
using Bank.Accounts;
using Daybook;

namespace Bank.Entries;

/// <summary>
/// Records a journal entry: all of its legs or none. Accounts that do not exist yet are opened by it, and a posting may overdraw;
/// in bookkeeping that is no error.
/// </summary>
/// <param name="Entry">Its identity; posting the same entry again changes nothing.</param>
/// <param name="Date">The date it is booked on.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Legs">One or more legs that sum to zero in each currency, over at most <see cref="MaxAccounts"/> accounts.</param>
public sealed record Post(JournalEntryId Entry, DateOnly Date, string Description, IReadOnlyList<Leg> Legs)
{
    /// <summary>The most accounts of one entry; beside them the transaction names the entry itself.</summary>
    public const int MaxAccounts = 100;

    /// <summary>The accounts it touches, each once.</summary>
    [JsonIgnore]
    public IEnumerable<AccountId> Accounts => Legs.Select(leg => leg.Account).Distinct();
}

/// <summary>Decides <see cref="Post"/>.</summary>
public static class PostHandler
{
    /// <summary>Refused as <c>no-legs</c>, <c>unbalanced</c> or <c>amount-overflow</c>.</summary>
    public static Decision Handle(Post command, Entry? entry, IReadOnlyDictionary<AccountId, Account?> accounts)
    {
        if (entry is not null)
            return Decision.Nothing;
        if (command.Legs.Count == 0)
            return Decision.Reject("no-legs", "A journal entry needs legs.");
        return Residuals.Refusal(command.Legs) ?? Book(command, accounts);
    }

    private static Decision Book(Post command, IReadOnlyDictionary<AccountId, Account?> accounts)
    {
        var decision = Decision.Emit(command.Entry, new EntryRecorded(command.Entry, command.Date, command.Description, command.Legs));
        foreach (var legs in command.Legs.GroupBy(leg => leg.Account))
        {
            var amounts = legs.Select(leg => leg.Money).ToArray();
            var account = accounts[legs.Key];
            if (account is null)
            {
                var opened = new Opened(legs.Key, [.. amounts.Select(a => a.Currency).Distinct()]);
                account = Account.Create(opened);
                decision = decision.And(legs.Key, opened);
            }
            if (Rules.HasRoomFor(account, amounts) is { } refusal)
                return refusal;
            decision = decision.And(legs.Key, new Posted(command.Entry, command.Date, command.Description, amounts));
        }
        return decision;
    }
}
