using Bank.Accounts;
using Bank.Amounts;

namespace Bank.Import;

/// <summary>What <c>bean-query -f csv FILE "select id, date, flag, payee, narration, account, number, currency"</c> writes; it pads its cells.</summary>
public sealed class BeancountDialect : JournalDialect
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Columns { get; } =
        ["id", "date", "flag", "payee", "narration", "account", "number", "currency"];

    /// <inheritdoc/>
    public override JournalRow? Parse(CsvRow row)
    {
        var description = string.Join(" | ", new[] { row["payee"], row["narration"] }.Where(text => text.Length > 0));
        var amount = Number(row, "number", Required(row, "number"));
        return new JournalRow(
            row.Place,
            Required(row, "id"),
            Date(row, "date"),
            description,
            Name(row, "account", row["account"], text => new AccountId(text)),
            new Money(amount, Name(row, "currency", row["currency"], text => new Currency(text))));
    }
}
