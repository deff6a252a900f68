using System.Globalization;
using System.Text.RegularExpressions;
using Bank.Tests.Running;
using Daybook.Servers.Debian;
using Xunit.Abstractions;

namespace Bank.Tests.Crashes;

/// <summary>
/// The program is killed with SIGKILL at random points and must have lost and doubled nothing, wherever it keeps its ledgers. A point is
/// given by what has been acknowledged, by a seed that the test prints; where in the work under way it falls is up to the machine.
/// </summary>
public abstract partial class BankCrashes : IAsyncLifetime
{
    private const int Capital = 1_000;

    private readonly TemporaryFolder _folder = new();
    private readonly int _seed = int.TryParse(Environment.GetEnvironmentVariable("DAYBOOK_CRASH_SEED"), out var seed) ? seed : 20_261_122;

    protected BankCrashes(ITestOutputHelper output)
    {
        Random = new Random(_seed);
        output.WriteLine($"DAYBOOK_CRASH_SEED={_seed}");
    }

    /// <summary>How often an import is killed.</summary>
    protected abstract int ImportKills { get; }

    /// <summary>How often a bank that takes transfers is killed.</summary>
    protected abstract int TransferKills { get; }

    /// <summary>What decides the points.</summary>
    protected Random Random { get; }

    /// <summary>Where the ledgers are, as options of every command line.</summary>
    protected virtual string[] Storage => [];

    public virtual Task InitializeAsync() => Task.CompletedTask;

    public virtual Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>Makes the storage ready, or skips the test with the reason.</summary>
    protected virtual Task PrepareAsync() => Task.CompletedTask;

    /// <summary>What else is killed under load, before the bank is.</summary>
    protected virtual Task KillOthersAsync() => Task.CompletedTask;

    [SkippableFact(typeof(MissingToolException))]
    public async Task T13_an_import_that_is_killed_again_and_again_ends_as_if_it_had_never_been()
    {
        var file = Path.Combine(AppContext.BaseDirectory, "journals", "household-2018-2024.csv");
        using var calm = new TemporaryFolder();
        await calm.BankAsync("import", file, "--exit");
        var expected = await ReferenceBalances.OfBankAsync((await calm.BankAsync("balances", "--csv")).Output);

        await PrepareAsync();
        var acknowledged = 0;
        for (var kill = 0; kill < ImportKills; kill++)
        {
            await using var bank = Start("import", file, "--exit");
            var tenth = kill * 10 / ImportKills;
            await bank.SaidAsync(tenth == 0 ? "Importing" : $" {tenth * 10}%");
            await KillOthersAsync();
            await RandomPauseAsync();
            await bank.KillAsync();
            acknowledged = Math.Max(acknowledged, AcknowledgedBy(bank.Output));
            if (kill % 5 == 4)
                await AssertSoundAsync();
        }

        var last = await RunAsync("import", file, "--exit");
        Assert.True(last.ExitCode == 0, last.Output + last.Error);
        Assert.InRange(PresentAccordingTo(last.Output), acknowledged, int.MaxValue);
        Assert.Equal(expected, await ReferenceBalances.OfBankAsync((await RunAsync("balances", "--csv")).Output));
        await AssertSoundAsync();
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task T13_transfers_are_there_exactly_once_after_every_kill()
    {
        await PrepareAsync();
        var load = new TransferLoad(_seed);
        await OpenAccountsAsync();
        for (var kill = 0; kill < TransferKills; kill++)
        {
            await using var bank = Serve();
            var running = load.RunAsync(await bank.ReadyAsync(), kill);
            await load.AcknowledgedAsync(Random.Next(0, 100), running);
            await KillOthersAsync();
            await load.AcknowledgedAsync(Random.Next(0, 100), running);
            await bank.KillAsync();
            await running;
            if (kill % 7 == 6)
                await AssertSoundAsync();
        }

        Assert.InRange(load.Sent.Count(sent => sent.IsAcknowledged), TransferKills * 30, int.MaxValue);
        await AssertExactlyOnceAsync(load);
        await AssertSoundAsync();
    }

    [GeneratedRegex(@"% ([\d,]+) of")]
    private static partial Regex Progress { get; }

    [GeneratedRegex(@"entries, ([\d,]+) were there already")]
    private static partial Regex Present { get; }

    private static int AcknowledgedBy(string output) =>
        Progress.Matches(output).Select(match => Number(match.Groups[1].Value)).DefaultIfEmpty().Max();

    private static int PresentAccordingTo(string output) => Number(Present.Match(output).Groups[1].Value);

    private static int Number(string text) => int.Parse(text, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    /// <summary>
    /// The program reports only each tenth of an import. This pause is the random point between two of them: it waits for nothing, and no
    /// check rests on how long it is.
    /// </summary>
    private Task RandomPauseAsync() => Task.Delay(Random.Next(0, 40));

    private BankProcess Start(params string[] args) => BankProcess.Start(_folder.Path, [.. args, .. Storage]);

    private BankProcess Serve() => Start("import", Empty(), "--urls", "http://127.0.0.1:0");

    /// <summary>Runs the program on the book to its end.</summary>
    private protected virtual Task<BankRun> RunAsync(params string[] args) => _folder.BankAsync([.. args, .. Storage]);

    private string Empty() => _folder.Write("empty.csv", "id,date,flag,payee,narration,account,number,currency\n");

    private async Task OpenAccountsAsync()
    {
        await using var bank = Serve();
        using var client = new BankClient(await bank.ReadyAsync());
        for (var account = 0; account < TransferLoad.Accounts; account++)
        {
            var name = TransferLoad.NameOf(account);
            await client.PostAsync("/accounts", $$"""{"account":"{{name}}","currencies":["EUR"]}""");
            await client.PostAsync("/deposits", $$"""{"account":"{{name}}","currency":"EUR","amount":{{Capital}}}""");
        }
    }

    /// <summary>
    /// Asks for every transfer that was ever sent: what was acknowledged must have that outcome still, and the balances must be what the
    /// accepted ones make, once each. A transfer without an answer may have happened or not; sending it again must not make it happen twice.
    /// </summary>
    private async Task AssertExactlyOnceAsync(TransferLoad load)
    {
        await using var bank = Serve();
        using var client = new BankClient(await bank.ReadyAsync());
        var expected = Enumerable.Repeat(Capital, TransferLoad.Accounts).ToArray();
        foreach (var sent in load.Sent)
        {
            var outcome = await InsistAsync(async () => sent.IsAcknowledged
                ? (await client.GetAsync($"/commands/{sent.Key}")).Text("outcome")
                : await TransferLoad.SendAsync(client.Http, sent.Key, sent.From, sent.To, sent.Amount));
            Assert.Equal(sent.Answer ?? outcome, outcome);
            if (outcome != "accepted")
                continue;
            expected[sent.From] -= sent.Amount;
            expected[sent.To] += sent.Amount;
        }
        for (var account = 0; account < TransferLoad.Accounts; account++)
        {
            var balance = (await client.GetAsync($"/accounts/{TransferLoad.NameOf(account)}")).Body.GetProperty("balances")[0].GetProperty("amount");
            Assert.Equal((account, expected[account]), (account, Number(balance.GetString()!)));
        }
    }

    /// <summary>Asks until there is an answer; a bank whose lease was lost has none before it has another.</summary>
    private static async Task<string> InsistAsync(Func<Task<string?>> askAsync)
    {
        string? answer = null;
        await Wait.UntilAsync(async () => (answer = await askAsync()) is not null, "the bank answered");
        return answer!;
    }

    private async Task AssertSoundAsync()
    {
        var audit = await RunAsync("audit");
        Assert.True(audit.ExitCode == 0, audit.Output + audit.Error);
    }
}
