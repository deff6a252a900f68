using Bank.Accounts;
using Bank.Audit;
using Bank.CommandLine;
using Bank.Http;
using Bank.Import;
using Bank.ReadModels;
using Daybook;
using Daybook.BookKeeper;
using Daybook.Embedded;
using Daybook.Hosting;
using Daybook.Postgres;

namespace Bank;

/// <summary>The services of the bank; the same for serving, importing and auditing.</summary>
internal static class BankHost
{
    internal const string ConnectionString = "Bank";
    internal const string Schema = "bank";

    /// <summary>Adds the book, in a folder or on bookies, its read models, and the services around it.</summary>
    public static void AddBank(this IHostApplicationBuilder builder, BankArguments arguments)
    {
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Warning)
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None)
            .AddFilter("Daybook", LogLevel.Error)
            .AddFilter("Daybook.Hosting", LogLevel.Warning)
            .AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None) // the caller of the endpoint gets the result
            .AddSimpleConsole(console => console.SingleLine = true)
            .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Configuration.AddEnvironmentVariables();
        var postgres = arguments.Postgres ?? builder.Configuration.GetConnectionString(ConnectionString);
        builder.AddDaybook(book => book
            .UseStorage(arguments)
            .UseReadModels(postgres)
            .Configure(options => (options.MaxStreamsPerTransaction, options.StandBy) = (Entries.Post.MaxAccounts + 1, arguments.Serves))
            .AddHandlersFrom<Transfer>()
            .AddProjection<Balances, Balance>()
            .AddProjection<RecentEntries, RecentEntry>()
            .AddProjection<MovementLog, LoggedMovement>()
            .AddProjection<Totals, Total>());
        builder.Services.AddSingleton<Delivery>().AddSingleton<Importer>().AddSingleton<Throughput>().AddSingleton<ReadModelClock>();
        builder.Services.AddTransient<Auditor>().AddTransient<FirstRun>();
    }

    /// <summary>The only lines that differ between a laptop and a cluster.</summary>
    private static DaybookBuilder UseStorage(this DaybookBuilder book, BankArguments arguments) => arguments.BookKeeper is { } zooKeeper
        ? book.UseBookKeeper(zooKeeper, ensemble: 3, writeQuorum: 3, ackQuorum: 2).UseSqliteProjections(Path.Combine(arguments.DataFolder, "read-models.db"))
        : book.UseEmbedded(arguments.DataFolder);

    /// <summary>PostgreSQL if a connection string is given; else the SQLite file chosen by <see cref="UseStorage"/>.</summary>
    private static DaybookBuilder UseReadModels(this DaybookBuilder book, string? postgres) => string.IsNullOrWhiteSpace(postgres)
        ? book
        : book.UsePostgresProjections(postgres, options => options with { Schema = Schema });
}
