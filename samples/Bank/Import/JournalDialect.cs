using System.Globalization;
using Bank.Accounts;
using Bank.Amounts;

namespace Bank.Import;

/// <summary>One line of a transaction, as in the file.</summary>
/// <param name="Place">The row.</param>
/// <param name="Transaction">What the rows of one transaction share.</param>
/// <param name="Date">The booking date.</param>
/// <param name="Description">What it was for.</param>
/// <param name="Account">The account.</param>
/// <param name="Money">The amount added to the account.</param>
public sealed record JournalRow(CsvPlace Place, string Transaction, DateOnly Date, string Description, AccountId Account, Money Money);

/// <summary>One program's CSV format of journals, recognised by the names of the columns. One object reads one file.</summary>
public abstract class JournalDialect
{
    private DecimalMarks? _marks;

    /// <summary>The columns it must have, in any order; others are ignored.</summary>
    public abstract IReadOnlyList<string> Columns { get; }

    /// <summary>The dialect of a header.</summary>
    /// <exception cref="JournalFormatException">No dialect has these columns, or one is named twice.</exception>
    public static JournalDialect Of(CsvRecord header)
    {
        var names = header.Cells.ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (names.Count != header.Cells.Count)
            throw new JournalFormatException(header.Place, null, "the header names a column twice");
        JournalDialect[] all = [new HledgerDialect(), new BeancountDialect()];
        var found = all.FirstOrDefault(dialect => names.IsSupersetOf(dialect.Columns)) ?? throw new JournalFormatException(
            header.Place, null,
            $"the header '{string.Join(',', header.Cells)}' is unknown; expected the columns of 'hledger print -O csv' or those of "
            + $"'{BeancountDialect.Export}'");
        found._marks = header.Separator == ';' ? new DecimalMarks() : null;
        return found;
    }

    /// <summary>Reads one row; null when it moves nothing and names no currency.</summary>
    /// <exception cref="JournalFormatException">A cell is malformed.</exception>
    public abstract JournalRow? Parse(CsvRow row);

    /// <summary>Ends the file.</summary>
    /// <returns>Warnings, one sentence each.</returns>
    /// <exception cref="JournalFormatException">Some cell turned out to be ambiguous.</exception>
    public virtual IReadOnlyList<string> Finish()
    {
        _marks?.Check();
        return [];
    }

    /// <summary>A description: any text that can be stored unchanged.</summary>
    protected static string Description(CsvRow row, string field) =>
        TextValue.Problem(row[field], "the text") is { } problem ? throw row.Problem(field, problem) : row[field];

    /// <summary>A cell that must not be empty.</summary>
    protected static string Required(CsvRow row, string field) =>
        row[field] is { Length: > 0 } text ? text : throw row.Problem(field, "it is empty");

    /// <summary>A cell that holds a date such as 2024-02-29.</summary>
    protected static DateOnly Date(CsvRow row, string field) =>
        DateOnly.TryParseExact(row[field], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? date
            : throw row.Problem(field, $"'{row[field]}' is not a date such as 2024-02-29");

    /// <summary>The amount of a posting.</summary>
    /// <param name="row">The row.</param>
    /// <param name="field">The column of the number.</param>
    /// <param name="currency">Its unit.</param>
    /// <param name="exact">The number, when the cell's decimal mark is unambiguous.</param>
    protected Money Amount(CsvRow row, string field, Currency currency, string? exact = null)
    {
        var number = exact ?? _marks?.WithPoint(row, field, currency.Code) ?? WithPoint(row, field);
        if (!ExactDecimal.TryParse(number, out var value, out var problem))
            throw row.Problem(field, problem);
        var money = new Money(value, currency);
        return AmountLimits.ProblemOfPosting(money) is { } limit ? throw row.Problem(field, limit) : money;
    }

    /// <summary>A number as the program writes it, with a point as decimal mark.</summary>
    protected virtual string WithPoint(CsvRow row, string field) => row[field];

    /// <summary>A name that is checked by its type.</summary>
    protected static T Name<T>(CsvRow row, string field, string text, Func<string, T> create)
    {
        try
        {
            return create(text);
        }
        catch (FormatException e)
        {
            throw row.Problem(field, e.Message);
        }
    }
}
