using Bank.Accounts;
using Bank.Amounts;

namespace Bank.Import;

/// <summary>What <c>hledger print -O csv</c> writes.</summary>
public sealed class HledgerDialect : JournalDialect
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Columns { get; } =
        ["txnidx", "date", "status", "description", "account", "amount", "commodity"];

    /// <inheritdoc/>
    public override JournalRow? Parse(CsvRow row)
    {
        var transaction = Required(row, "txnidx");
        var date = Date(row, "date");
        var account = Name(row, "account", RealAccount(row), text => new AccountId(text));
        var amount = Number(row, "amount", WithDecimalPoint(row, Required(row, "amount")));
        if (amount == 0 && row["commodity"].Length == 0)
            return null;
        var currency = Name(row, "commodity", row["commodity"], text => new Currency(text));
        return new JournalRow(row.Place, transaction, date, row["description"], account, new Money(amount, currency));
    }

    /// <summary>Balanced virtual postings, <c>[a]</c>, are like any other; unbalanced ones, <c>(a)</c>, break zero-sum by intention.</summary>
    private static string RealAccount(CsvRow row)
    {
        var account = row["account"];
        if (account is ['(', .., ')'])
            throw row.Problem("account", $"'{account}' is an unbalanced virtual posting; leave them out with 'hledger print --real -O csv'");
        return account is ['[', .. var inner, ']'] ? inner : account;
    }

    /// <summary>hledger writes the decimal mark of the commodity, which may be a comma, and never groups digits: 1,250 is 1.25.</summary>
    private static string WithDecimalPoint(CsvRow row, string amount)
    {
        var marks = amount.Count(c => c is ',' or '.');
        return marks <= 1
            ? amount.Replace(',', '.')
            : throw row.Problem("amount", $"'{amount}' has more than one decimal mark; write it without digit groups");
    }
}
