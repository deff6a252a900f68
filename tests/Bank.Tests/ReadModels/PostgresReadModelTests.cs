using Bank.Amounts;
using Bank.CommandLine;
using Bank.ReadModels;
using Bank.Tests.Running;
using Daybook;
using Daybook.Postgres.Queries;
using Daybook.Projections;
using Daybook.Servers.Debian;
using Daybook.Servers.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Bank.Tests.ReadModels;

public sealed class PostgresReadModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact(typeof(MissingToolException))]
    public async Task The_injected_read_model_can_be_asked_by_properties_that_are_value_objects()
    {
        await using var server = await PostgresServer.StartAsync();
        var travel = Path.Combine(AppContext.BaseDirectory, "Files", "travel.csv");
        await _folder.BankAsync("import", travel, "--exit", "--postgres", server.ConnectionString);
        using var host = Bank("--postgres", server.ConnectionString);
        await host.StartAsync();
        var balances = host.Services.GetRequiredService<IReadModel<Balance>>();
        var currency = (await balances.QueryAsync().FirstAsync()).Value.Currency;

        var expected = await balances.QueryAsync().Where(b => b.Value.Currency == currency)
            .OrderByDescending(b => b.Value.Amount).ThenBy(b => b.Key, StringComparer.Ordinal).ToListAsync();
        var found = await balances.InPostgres().Where(b => b.Currency, Comparison.Equal, currency).OrderBy(b => b.Amount, descending: true).ToListAsync();
        Assert.Equal(expected, found);
        Assert.InRange(found.Count, 2, int.MaxValue);
        Assert.Empty(await balances.InPostgres().Where(b => b.Currency, Comparison.Equal, new Currency("NONE")).ToListAsync());
        await host.StopAsync();
    }

    [Fact]
    public async Task The_same_query_to_a_bank_on_SQLite_names_the_sink_of_the_documents()
    {
        using var host = Bank();
        await host.StartAsync();
        var refused = Assert.Throws<DaybookException>(() => host.Services.GetRequiredService<IReadModel<Balance>>().InPostgres());
        Assert.Contains("UsePostgresProjections", refused.Message, StringComparison.Ordinal);
        await host.StopAsync();
    }

    private IHost Bank(params string[] args)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.AddBank(BankArguments.Parse([.. args, "--data", _folder["data"]]));
        return builder.Build();
    }
}
