using Bank.Accounts;
using Bank.Amounts;
using Bank.Entries;

namespace Bank.Import;

/// <summary>Collects the rows of one transaction.</summary>
internal sealed class TransactionDraft(JournalRow first)
{
    private static readonly AccountId Conversions = new("Equity:Conversions");

    private readonly List<Posting> _postings = [];

    public CsvPlace Place => first.Place;

    public DateOnly Date => first.Date;

    public string Description => first.Description;

    /// <summary>The postings as in the file.</summary>
    public IReadOnlyList<Posting> Postings => _postings;

    /// <exception cref="JournalFormatException">The row contradicts the ones before it.</exception>
    public void Add(JournalRow row)
    {
        if (row.Date != Date)
            throw new JournalFormatException(row.Place, "date", $"transaction {row.Transaction} has another date in row {Place.Row}");
        if (row.Description != Description)
            throw new JournalFormatException(row.Place, null,
                $"transaction {row.Transaction} has another description in row {Place.Row}");
        _postings.Add(new Posting(row.Account, row.Money.Amount, row.Money.Currency));
    }

    /// <summary>The postings with one on <c>Equity:Conversions</c> for each currency in which an entry of several does not sum to zero.</summary>
    /// <exception cref="JournalFormatException">A single currency does not sum to zero, or the entry is too large.</exception>
    public IReadOnlyList<Posting> BalancedPostings()
    {
        var residuals = ResidualsOrThrow();
        var open = residuals.Where(money => money.Amount != 0).ToArray();
        if (open.Length > 0 && residuals.Count == 1)
            throw new JournalFormatException(Place, null, $"the transaction '{Description}' does not sum to zero; {open[0]} are left over");
        Posting[] postings = [.. _postings, .. open.Select(money => new Posting(Conversions, -money.Amount, money.Currency))];
        var accounts = postings.Select(posting => posting.Account).Distinct().Count();
        return accounts <= Post.MaxAccounts ? postings : throw new JournalFormatException(
            Place, null, $"the transaction '{Description}' touches {accounts} accounts; at most {Post.MaxAccounts} are allowed");
    }

    private IReadOnlyList<Money> ResidualsOrThrow()
    {
        try
        {
            return Residuals.Of(_postings);
        }
        catch (OverflowException e)
        {
            throw new JournalFormatException(Place, null, $"the transaction '{Description}' cannot be summed exactly: {e.Message}");
        }
    }
}
