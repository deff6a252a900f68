using Bank.Accounts;
using Bank.Amounts;

namespace Bank.Import;

/// <summary>The output of <c>hledger print -O csv</c>.</summary>
public sealed class HledgerDialect : JournalDialect
{
    /// <summary>The currency of amounts without a commodity: ISO 4217's code for transactions that involve no currency.</summary>
    private static readonly Currency NoCurrency = new("XXX");

    /// <inheritdoc/>
    public override IReadOnlyList<string> Columns { get; } =
        ["txnidx", "date", "status", "description", "account", "amount", "commodity"];

    /// <inheritdoc/>
    public override JournalRow? Parse(CsvRow row)
    {
        var transaction = Required(row, "txnidx");
        var date = Date(row, "date");
        var account = Name(row, "account", RealAccount(row), text => new AccountId(text));
        if (MovesNothing(row))
            return null;
        var currency = row["commodity"].Length == 0 ? NoCurrency : Name(row, "commodity", row["commodity"], text => new Currency(text));
        return new JournalRow(row.Place, transaction, date, Description(row, "description"), account, Amount(row, "amount", currency));
    }

    /// <summary>hledger writes the decimal mark of the commodity, which may be a comma, and never groups digits: 1,250 is 1.25.</summary>
    protected override string WithPoint(CsvRow row, string field) => DecimalMarks.SingleMark(row, field).Replace(',', '.');

    private static bool MovesNothing(CsvRow row) =>
        row["commodity"].Length == 0 && !Required(row, "amount").AsSpan().TrimStart("+-").ContainsAnyExcept("0.,");

    /// <summary>Balanced virtual postings, <c>[a]</c>, are like any other; unbalanced ones, <c>(a)</c>, intentionally do not sum to
    /// zero.</summary>
    private static string RealAccount(CsvRow row)
    {
        var account = row["account"];
        if (account is ['(', .., ')'])
            throw row.Problem("account", $"'{account}' is an unbalanced virtual posting; leave them out with 'hledger print --real -O csv'");
        return account is ['[', .. var inner, ']'] ? inner : account;
    }
}
