using Bank.CommandLine;
using Bank.Http;
using Bank.Import;
using Daybook;

namespace Bank;

/// <summary>The bank with its HTTP interface, from start to Ctrl+C.</summary>
internal static class BankServer
{
    public static async Task<int> RunAsync(BankArguments arguments, StartupImportPlan plan, TextWriter output)
    {
        await using var app = Build(arguments, plan);
        try
        {
            await app.StartAsync();
        }
        catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested && !HasBook(app.Services))
        {
            return 0; // stopped while still waiting for the book: nothing was started
        }
        await output.WriteLineAsync($"Serving on {string.Join(", ", app.Urls)} (Ctrl+C stops)");
        await app.WaitForShutdownAsync();
        return 0;
    }

    private static bool HasBook(IServiceProvider services) =>
        services.GetRequiredService<IBookStatus>().Partitions.All(partition => partition.IsOwned);

    /// <summary>Builds the application without starting it.</summary>
    /// <param name="arguments">The location of the book, and the addresses to serve on.</param>
    /// <param name="plan">The import before serving.</param>
    /// <param name="replace">Replaces services; for tests.</param>
    public static WebApplication Build(BankArguments arguments, StartupImportPlan plan, Action<IServiceCollection>? replace = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.AddBank(arguments);
        builder.Services.AddSingleton(plan).AddHostedService<StartupImport>();
        builder.AddBankApi();
        replace?.Invoke(builder.Services);
        var app = builder.Build();
        app.Urls.Clear();
        foreach (var url in arguments.Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            app.Urls.Add(url);
        app.MapBankApi(arguments);
        return app;
    }
}
