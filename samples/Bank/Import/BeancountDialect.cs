using Bank.Accounts;
using Bank.Amounts;

namespace Bank.Import;

/// <summary>The output of <see cref="Export"/>, which pads its cells.</summary>
public sealed class BeancountDialect : JournalDialect
{
    /// <summary>
    /// The command that exports a journal with every digit. Without <c>str()</c>, bean-query cuts the numbers of a column to the count of
    /// decimals that is most frequent in it.
    /// </summary>
    public const string Export =
        "bean-query -f csv FILE \"select id, date, flag, payee, narration, account, str(number) as number, currency\"";

    private static readonly string[] DescriptionFields = ["payee", "narration"];

    private readonly CutColumn _cut = new();

    /// <inheritdoc/>
    public override IReadOnlyList<string> Columns { get; } =
        ["id", "date", "flag", "payee", "narration", "account", "number", "currency"];

    /// <inheritdoc/>
    public override JournalRow? Parse(CsvRow row)
    {
        var description = string.Join(" | ", DescriptionFields.Select(field => Description(row, field)).Where(text => text.Length > 0));
        Required(row, "number");
        var transaction = Required(row, "id");
        var date = Date(row, "date");
        var account = Name(row, "account", row["account"], text => new AccountId(text));
        var currency = Name(row, "currency", row["currency"], text => new Currency(text));
        var exact = PythonDecimal.Unwrap(row["number"]);
        var money = Amount(row, "number", currency, exact);
        if (exact is null)
            _cut.Add(row.Place, money);
        return new JournalRow(row.Place, transaction, date, description, account, money);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Finish() => [.. base.Finish(), .. _cut.Notes()];
}
