using Daybook.Embedded;

namespace Daybook.Benchmarks.Scenarios;

/// <summary>An embedded book in its own folder.</summary>
internal static class BenchmarkBook
{
    public static ValueTask<Book> OpenAsync(string folder, BenchmarkArguments arguments, Action<DaybookOptions>? configure = null) =>
        new DaybookBuilder()
            .UseEmbedded(folder)
            .AddHandlersFrom<Account>()
            .AddJson(BenchmarkJson.Default)
            .Configure(options =>
            {
                options.Partitions = arguments.Partitions;
                configure?.Invoke(options);
            })
            .OpenAsync();

    /// <summary>Ids that differ and are cheap to make: the benchmark measures the book, not the random generator.</summary>
    public static CommandId NewId() => new(Ids.Next());

    /// <summary>Opens accounts with money in them.</summary>
    public static async Task OpenAccountsAsync(Book book, int accounts)
    {
        for (var first = 0; first < accounts; first += 500)
        {
            var opening = Enumerable.Range(first, Math.Min(500, accounts - first))
                .Select(i => book.SendAsync(new OpenAccount(AccountName(i), 1_000_000_000), NewId()).AsTask());
            foreach (var outcome in await Task.WhenAll(opening))
                Accepted(outcome);
        }
    }

    public static string AccountName(int number) => $"account-{number:D6}";

    /// <summary>A benchmark that measures refusals measures nothing.</summary>
    public static void Accepted(Outcome outcome)
    {
        if (outcome is not Outcome.Accepted)
            throw new InvalidOperationException($"The benchmark's command was not accepted: {outcome}");
    }
}
