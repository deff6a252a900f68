using System.Globalization;
using System.Text;
using Bank.Import;
using Daybook.Servers.Processes;

namespace Bank.Tests.Running;

/// <summary>Balances by account and currency, zeros left out, from three programs.</summary>
internal static class ReferenceBalances
{
    /// <summary>What the Bank prints with <c>balances --csv</c>, but for the account that only it has.</summary>
    public static Task<SortedDictionary<string, decimal>> OfBankAsync(string csv) => ReadAsync(csv, cells =>
        cells[0] == "Equity:Conversions" ? [] : [($"{cells[0]} {cells[1]}", Number(cells[2]))]);

    /// <summary>What beancount computes from its own source file.</summary>
    public static async Task<SortedDictionary<string, decimal>> OfBeancountAsync(string file) => await ReadAsync(
        await OutputAsync("bean-query", "-f", "csv", file, "select account, currency, str(sum(number)) as balance group by account, currency"),
        cells => [($"{cells[0]} {cells[1]}", Number(cells[2]["Decimal('".Length..^2]))]);

    /// <summary>What hledger computes from its own source file.</summary>
    public static async Task<SortedDictionary<string, decimal>> OfHledgerAsync(string file) => await ReadAsync(
        await OutputAsync("hledger", "-f", file, "balance", "--flat", "--no-total", "--layout=bare", "-O", "csv"),
        cells => [($"{cells[0]} {cells[1].Trim('"')}", Number(cells[2].Replace(',', '.')))]);

    private static async Task<string> OutputAsync(string program, params string[] args) => (await Tool.RunAsync(program, args)).Succeeded();

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    private static async Task<SortedDictionary<string, decimal>> ReadAsync(
        string csv, Func<IReadOnlyList<string>, IEnumerable<(string Key, decimal Amount)>> rows)
    {
        var balances = new SortedDictionary<string, decimal>(StringComparer.Ordinal);
        var isHeader = true;
        await foreach (var record in CsvReader.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(csv)), "balances"))
        {
            foreach (var (key, amount) in isHeader ? [] : rows(record.Cells))
            {
                if (amount != 0)
                    balances.Add(key, amount);
            }
            isHeader = false;
        }
        return balances;
    }
}
