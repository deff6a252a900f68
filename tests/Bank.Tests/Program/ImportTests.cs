using Bank.Tests.Import;
using Bank.Tests.Running;
using Daybook.Servers.Debian;

namespace Bank.Tests.Program;

public sealed class ImportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact(typeof(MissingToolException))]
    public async Task The_shipped_journal_has_the_balances_that_beancount_computes()
    {
        await DebianTool.RequireAsync("bean-query", "beancount");
        var first = await _folder.BankAsync("--exit");
        Assert.True(first.ExitCode == 0, first.Error);
        Assert.Contains("100%", first.Output, StringComparison.Ordinal);

        var expected = await ReferenceBalances.OfBeancountAsync(Path.Combine(AppContext.BaseDirectory, "journals", "household-2018-2024.beancount"));
        Assert.Equal(expected, await ReferenceBalances.OfBankAsync((await _folder.BankAsync("balances", "--csv")).Output));
        Assert.InRange(expected.Count, 50, int.MaxValue);

        var second = await _folder.BankAsync("--exit");
        Assert.DoesNotContain("Importing", second.Output, StringComparison.Ordinal);
        Assert.Contains("everything agrees", (await _folder.BankAsync("audit")).Output, StringComparison.Ordinal);
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task A_journal_of_hledger_has_the_balances_that_hledger_computes()
    {
        await DebianTool.RequireAsync("hledger", "hledger");
        var files = Path.Combine(AppContext.BaseDirectory, "Files");
        Assert.Equal(0, (await _folder.BankAsync("import", Path.Combine(files, "travel.csv"), "--exit")).ExitCode);

        var expected = await ReferenceBalances.OfHledgerAsync(Path.Combine(files, "travel.journal"));
        Assert.Equal(expected, await ReferenceBalances.OfBankAsync((await _folder.BankAsync("balances", "--csv")).Output));
        Assert.Contains("assets:broker World Fund", expected.Keys);
    }

    [Fact]
    public async Task The_same_file_twice_changes_nothing()
    {
        var file = Path.Combine(AppContext.BaseDirectory, "Files", "travel.csv");
        var first = await _folder.BankAsync("import", file, "--exit");
        var (balances, audit) = (await _folder.BankAsync("balances", "--csv"), await _folder.BankAsync("audit"));
        var second = await _folder.BankAsync("import", file, "--exit");

        Assert.Contains("32 new entries, 0 were there already", first.Output, StringComparison.Ordinal);
        Assert.Contains("0 new entries, 32 were there already", second.Output, StringComparison.Ordinal);
        Assert.Equal(balances, await _folder.BankAsync("balances", "--csv"));
        Assert.Equal(audit, await _folder.BankAsync("audit"));
    }

    [Fact]
    public async Task The_same_file_twice_in_one_import_counts_once()
    {
        var file = Path.Combine(AppContext.BaseDirectory, "Files", "travel.csv");
        var copy = _folder.Write("copy.csv", await File.ReadAllTextAsync(file));
        var run = await _folder.BankAsync("import", file, file, copy, "--exit");

        Assert.Contains("32 new entries, 64 were there already", run.Output, StringComparison.Ordinal);
        var balances = await _folder.BankAsync("balances", "--csv");
        await _folder.BankAsync("import", file, "--exit");
        Assert.Equal(balances, await _folder.BankAsync("balances", "--csv"));
        Assert.Contains("everything agrees", (await _folder.BankAsync("audit")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(120)]
    [InlineData(999)]
    public async Task An_opening_entry_over_many_accounts_is_imported_as_one(int accounts)
    {
        var rows = Enumerable.Range(1, accounts - 1).Select(i => $"x A{i} 1 EUR").Append($"x Equity {1 - accounts} EUR");
        var run = await _folder.BankAsync("import", Small("opening.csv", [.. rows]), "--exit");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains($"Equity,EUR,{1 - accounts}\n", (await _folder.BankAsync("balances", "--csv")).Output, StringComparison.Ordinal);
        var audit = (await _folder.BankAsync("audit")).Output;
        Assert.Contains($"{accounts:N0} accounts: everything agrees", audit, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_entry_that_is_too_large_for_the_book_is_named_by_its_row()
    {
        var rows = Enumerable.Repeat("x A 1 EUR", 30_000).Append("x B -30000 EUR");
        var file = Small("large.csv", [.. rows]);
        var run = await _folder.BankAsync("import", file, "--exit");
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith($"bank: {file}, row 2: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_report_of_an_import_notes_a_column_that_looks_cut()
    {
        var run = await _folder.BankAsync("import", Small("cut.csv", "x A 9.76 FUND", "x B -97.60 USD"), "--exit");
        Assert.Contains("cut.csv: the column 'number' looks cut.", run.Output, StringComparison.Ordinal);
        Assert.Contains("str(number) as number", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_book_with_its_own_files_never_gets_the_shipped_journal()
    {
        await _folder.BankAsync("import", Small("a.csv", "x A 1 USD", "x B -1 USD"), "--exit");
        await _folder.BankAsync("--exit");
        Assert.Equal("account,currency,balance\nA,USD,1\nB,USD,-1\n", (await _folder.BankAsync("balances", "--csv")).Output);
    }

    [Fact]
    public async Task Nothing_is_written_when_one_of_the_files_is_malformed()
    {
        var good = Small("good.csv", "x A 1 USD", "x B -1 USD");
        var bad = Small("bad.csv", "x A 1 USD", "x B -1 USD", "y A 1 USD", "y B -1.01 USD");
        var run = await _folder.BankAsync("import", good, bad, "--exit");

        Assert.Equal(2, run.ExitCode);
        Assert.Equal(
            $"bank: {bad}, row 4: the transaction 'Payee | Narration' does not sum to zero; -0.01 USD are left over. Nothing was imported.\n", run.Error);
        Assert.False(Directory.Exists(_folder["data"]));
    }

    private string Small(string name, params string[] rows) => _folder.Write(name, Journal.BeancountText(rows));
}
