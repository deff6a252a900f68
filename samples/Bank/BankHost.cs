using Bank.Accounts;
using Bank.Audit;
using Bank.Http;
using Bank.Import;
using Bank.ReadModels;
using Daybook.Embedded;
using Daybook.Hosting;

namespace Bank;

/// <summary>What the bank is made of; the same for serving, importing and auditing.</summary>
internal static class BankHost
{
    /// <summary>Adds the book in a folder, its read models, and the services around it.</summary>
    public static void AddBank(this IHostApplicationBuilder builder, string dataFolder)
    {
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Warning)
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None)
            .AddFilter("Daybook", LogLevel.Error)
            .AddSimpleConsole(console => console.SingleLine = true)
            .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddDaybook(book => book
            .UseEmbedded(dataFolder)
            .Configure(options => options.MaxStreamsPerTransaction = Entries.Post.MaxAccounts + 1)
            .AddHandlersFrom<Transfer>()
            .AddProjection<Balances, Balance>()
            .AddProjection<RecentEntries, RecentEntry>()
            .AddProjection<Totals, Total>());
        builder.Services.AddSingleton<Delivery>().AddSingleton<Importer>().AddSingleton<Throughput>().AddSingleton<ReadModelClock>();
        builder.Services.AddTransient<Auditor>().AddTransient<FirstRun>();
    }
}
