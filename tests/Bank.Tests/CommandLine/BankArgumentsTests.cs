using Bank.CommandLine;

namespace Bank.Tests.CommandLine;

public sealed class BankArgumentsTests
{
    [Fact]
    public void Without_arguments_the_bank_serves_the_folder_data()
    {
        var arguments = Parse("");
        Assert.Equal((Verb.Serve, false, "data", "http://localhost:5080"),
            (arguments.Verb, arguments.Exit, arguments.DataFolder, arguments.Urls));
    }

    [Fact]
    public void Import_takes_files_and_options_in_any_order()
    {
        var arguments = Parse("--data=/tmp/x import a.csv --exit b.csv --port 81");
        Assert.Equal((Verb.Import, true, "/tmp/x", "http://localhost:81"),
            (arguments.Verb, arguments.Exit, arguments.DataFolder, arguments.Urls));
        Assert.Equal(["a.csv", "b.csv"], arguments.Files);
    }

    [Fact]
    public void Balances_may_be_csv() => Assert.True(Parse("balances --csv") is { Verb: Verb.Balances, Csv: true });

    [Fact]
    public void Ledgers_may_be_on_bookies_with_the_read_models_in_the_folder()
    {
        var arguments = Parse("audit --bookkeeper 127.0.0.1:2181 --data x");
        Assert.Equal(("127.0.0.1:2181", "x"), (arguments.BookKeeper, arguments.DataFolder));
        Assert.Null(Parse("audit").BookKeeper);
    }

    [Fact]
    public void More_host_names_may_be_given() => Assert.Equal("bank.example;*.example.org", Parse("--hosts bank.example;*.example.org").Hosts);

    [Theory]
    [InlineData("--postgres Host=db;Database=bank")]
    [InlineData("--postgres=Host=db;Database=bank")]
    public void A_connection_string_keeps_its_equals_signs(string line) =>
        Assert.Equal("Host=db;Database=bank", Parse(line).Postgres);

    [Theory]
    [InlineData("--frobnicate", "unknown option '--frobnicate'")]
    [InlineData("-x", "unknown option '-x'")]
    [InlineData("fetch", "unknown command 'fetch'")]
    [InlineData("import", "'import' needs the names of the files to import")]
    [InlineData("balances now", "'now' is one word too many")]
    [InlineData("audit --csv", "option '--csv' belongs to 'balances'")]
    [InlineData("audit --exit", "option '--exit' belongs to 'import' and to the start without a command")]
    [InlineData("--data", "option '--data' needs a value")]
    [InlineData("--data --exit", "option '--data' needs a value")]
    [InlineData("--postgres", "option '--postgres' needs a value")]
    [InlineData("--bookkeeper", "option '--bookkeeper' needs a value")]
    [InlineData("--bookkeeper --exit", "option '--bookkeeper' needs a value")]
    [InlineData("--urls bank", "option '--urls' needs addresses such as http://localhost:5080, not 'bank'")]
    [InlineData("--hosts", "option '--hosts' needs a value")]
    [InlineData("--port http", "option '--port' needs a number from 1 to 65535, not 'http'")]
    public void What_cannot_be_followed_is_named(string line, string message) =>
        Assert.Equal(message, Assert.Throws<UsageException>(() => Parse(line)).Message);

    private static BankArguments Parse(string line) => BankArguments.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
