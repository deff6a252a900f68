using System.Globalization;
using Bank.Accounts;
using Bank.Amounts;

namespace Bank.Import;

/// <summary>One line of a transaction as a file has it.</summary>
/// <param name="Place">The row.</param>
/// <param name="Transaction">What the rows of one transaction share.</param>
/// <param name="Date">The booking date.</param>
/// <param name="Description">What it was for.</param>
/// <param name="Account">The account.</param>
/// <param name="Money">What is added to it.</param>
public sealed record JournalRow(CsvPlace Place, string Transaction, DateOnly Date, string Description, AccountId Account, Money Money);

/// <summary>How one program writes journals as CSV; recognised by the names of the columns.</summary>
public abstract class JournalDialect
{
    private static readonly JournalDialect[] All = [new HledgerDialect(), new BeancountDialect()];

    /// <summary>The columns it must have, in any order; others are ignored.</summary>
    public abstract IReadOnlyList<string> Columns { get; }

    /// <summary>The dialect of a header.</summary>
    /// <exception cref="JournalFormatException">No dialect has these columns, or one is named twice.</exception>
    public static JournalDialect Of(CsvRecord header)
    {
        var names = header.Cells.ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (names.Count != header.Cells.Count)
            throw new JournalFormatException(header.Place, null, "the header names a column twice");
        return All.FirstOrDefault(dialect => names.IsSupersetOf(dialect.Columns)) ?? throw new JournalFormatException(
            header.Place, null,
            $"the header '{string.Join(',', header.Cells)}' is unknown; expected the columns of 'hledger print -O csv' or those of "
            + "'bean-query -f csv FILE \"select id, date, flag, payee, narration, account, number, currency\"'");
    }

    /// <summary>Reads one row; null when it moves nothing and names no currency.</summary>
    /// <exception cref="JournalFormatException">A cell is malformed.</exception>
    public abstract JournalRow? Parse(CsvRow row);

    /// <summary>A cell that must not be empty.</summary>
    protected static string Required(CsvRow row, string field) =>
        row[field] is { Length: > 0 } text ? text : throw row.Problem(field, "it is empty");

    /// <summary>A cell that holds a date such as 2024-02-29.</summary>
    protected static DateOnly Date(CsvRow row, string field) =>
        DateOnly.TryParseExact(row[field], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? date
            : throw row.Problem(field, $"'{row[field]}' is not a date such as 2024-02-29");

    /// <summary>A number, exactly.</summary>
    protected static decimal Number(CsvRow row, string field, string text) =>
        ExactDecimal.TryParse(text, out var value, out var problem) ? value : throw row.Problem(field, problem);

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
