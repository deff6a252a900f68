using System.Buffers;
using System.Globalization;
using Bank.Amounts;
using Bank.ReadModels;

namespace Bank.CommandLine;

/// <summary>The balances as a table and as CSV.</summary>
internal static class BalanceReport
{
    // Includes the full-width forms that some spreadsheets treat as the same characters.
    private static readonly SearchValues<char> Formula = SearchValues.Create("'=+-@\t\r\n\uff1d\uff0b\uff0d\uff20");
    private static readonly SearchValues<char> NeedsQuotes = SearchValues.Create(",;\"'\t\r\n");

    /// <summary>
    /// RFC 4180, with the header <c>account,currency,balance</c>; every row of the read model, in its order. A name that a spreadsheet
    /// would treat as a formula, or that begins with an apostrophe, gets an apostrophe in front.
    /// </summary>
    public static async Task WriteCsvAsync(IAsyncEnumerable<Balance> balances, TextWriter output)
    {
        await output.WriteLineAsync("account,currency,balance");
        await foreach (var row in balances)
            await output.WriteLineAsync($"{Cell(row.Account.Value)},{Cell(row.Currency.Code)},{ExactDecimal.Text(row.Amount)}");
    }

    /// <summary>A table of the balances that are not zero.</summary>
    public static async Task WriteTableAsync(IAsyncEnumerable<Balance> balances, TextWriter output)
    {
        var rows = await balances.Where(row => row.Amount != 0).ToListAsync();
        if (rows.Count == 0)
        {
            await output.WriteLineAsync("No balances.");
            return;
        }
        var account = rows.Max(row => row.Account.Value.Length);
        var amount = rows.Max(row => Grouped(row.Amount).Length);
        foreach (var row in rows)
            await output.WriteLineAsync($"{row.Account.Value.PadRight(account)}  {Grouped(row.Amount).PadLeft(amount)} {row.Currency}");
    }

    /// <summary>For each currency: the number of accounts that hold it, and their total assets and debts.</summary>
    public static async Task WriteSummaryAsync(IAsyncEnumerable<Balance> balances, TextWriter output)
    {
        var rows = await balances.ToListAsync();
        var accounts = rows.Select(row => row.Account).Distinct().Count();
        var currencies = rows.GroupBy(row => row.Currency).OrderByDescending(g => g.Count()).ThenBy(g => g.Key).ToArray();
        await output.WriteLineAsync($"{accounts:N0} accounts in {currencies.Length:N0} currencies");
        foreach (var currency in currencies)
        {
            await output.WriteLineAsync($"  {currency.Key.Code,-10} {currency.Count(),4} accounts  {Sum(currency, 1),20} {Sum(currency, -1),20}");
        }
    }

    private static string Sum(IEnumerable<Balance> rows, int sign)
    {
        var sum = 0m;
        foreach (var row in rows.Where(row => Math.Sign(row.Amount) == sign))
        {
            if (!ExactDecimal.TryAdd(sum, row.Amount, out sum))
                return "too large";
        }
        return Grouped(sum);
    }

    private static string Grouped(decimal amount) =>
        amount.ToString("N" + amount.Scale.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static string Cell(string text) => Quoted(Formula.Contains(text[0]) ? $"'{text}" : text);

    private static string Quoted(string text) =>
        text.AsSpan().ContainsAny(NeedsQuotes) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
