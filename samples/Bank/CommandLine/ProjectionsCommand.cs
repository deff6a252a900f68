using Daybook.Postgres;
using Daybook.Postgres.CommandLine;

namespace Bank.CommandLine;

/// <summary><c>bank projections …</c>: operations on the read models in PostgreSQL while the bank runs.</summary>
internal static class ProjectionsCommand
{
    public const string Word = "projections";

    /// <summary>Runs the command after that word.</summary>
    /// <exception cref="UsageException">No connection string was given.</exception>
    public static Task<int> RunAsync(IEnumerable<string> args, TextWriter output, TextWriter error)
    {
        var words = args.SelectMany(word => word.StartsWith(Option + "=", StringComparison.Ordinal) ? [Option, word[(Option.Length + 1)..]] : new[] { word }).ToList();
        var postgres = Environment.GetEnvironmentVariable($"ConnectionStrings__{BankHost.ConnectionString}");
        if (words.IndexOf(Option) is >= 0 and var at)
        {
            postgres = words.ElementAtOrDefault(at + 1);
            words.RemoveRange(at, Math.Min(2, words.Count - at));
        }
        if (string.IsNullOrWhiteSpace(postgres))
            throw new UsageException($"'{Word}' needs read models in PostgreSQL: {Option} CONNECTION");
        return ProjectionCommands.RunAsync(words, new PostgresProjectionOptions { ConnectionString = postgres, Schema = BankHost.Schema }, output, error);
    }

    private const string Option = "--postgres";
}
