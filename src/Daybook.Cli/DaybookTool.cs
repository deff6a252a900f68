using Daybook.Postgres;
using Daybook.Postgres.CommandLine;

namespace Daybook.Cli;

/// <summary>The <c>daybook</c> tool: commands for operators. It reaches running books only through their read-model database.</summary>
internal static class DaybookTool
{
    private const int Done = 0;
    private const int BadInput = 2;
    private const string PostgresVariable = "DAYBOOK_POSTGRES";

    private static readonly string s_usage = $"""
        {FolderCommands.Usage}

        {ProjectionCommands.Usage}

          --postgres CONNECTION     database of the read models (default: the variable {PostgresVariable})
          --schema NAME             their schema (default: daybook)
        """;

    /// <summary>Runs a command line.</summary>
    /// <param name="args">The words.</param>
    /// <param name="variable">Looks up an environment variable.</param>
    /// <param name="output">Receives the result.</param>
    /// <param name="error">Receives errors.</param>
    /// <returns>As <see cref="ProjectionCommands"/>: 0 on success, 1 when something was found, 2 when the command failed or is
    /// invalid.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, Func<string, string?> variable, TextWriter output, TextWriter error)
    {
        if (args.Count == 0 || args.Any(word => word is "--help" or "-h" or "-?"))
        {
            await output.WriteLineAsync(s_usage).ConfigureAwait(false);
            return Done;
        }
        if (FolderCommands.Takes(args[0]))
            return await FolderAsync(args, output, error).ConfigureAwait(false);
        if (args[0] != "projections")
            return await RefuseAsync(error, $"unknown command '{args[0]}'").ConfigureAwait(false);
        var words = args.Skip(1).ToList();
        if (!TryTake(words, "--postgres", out var postgres) || !TryTake(words, "--schema", out var schema))
            return await RefuseAsync(error, "'--postgres' and '--schema' each need a value").ConfigureAwait(false);
        if ((postgres ?? variable(PostgresVariable)) is not { Length: > 0 } connection)
            return await RefuseAsync(error, $"name the database of the read models, with --postgres or {PostgresVariable}").ConfigureAwait(false);
        var options = new PostgresProjectionOptions { ConnectionString = connection };
        return await ProjectionCommands.RunAsync(words, schema is null ? options : options with { Schema = schema }, output, error).ConfigureAwait(false);
    }

    private static async Task<int> FolderAsync(IReadOnlyList<string> args, TextWriter output, TextWriter error)
    {
        var words = args.Skip(1).ToList();
        if (!TryTake(words, "--data", out var data) || data is null)
            return await RefuseAsync(error, "name the folder of the book with --data").ConfigureAwait(false);
        var apply = args[0] == "repair" && words.Remove("--apply");
        return words.Count == 0
            ? await FolderCommands.RunAsync(data, apply, output, error).ConfigureAwait(false)
            : await RefuseAsync(error, $"'{words[0]}' is unknown").ConfigureAwait(false);
    }

    /// <summary>Removes an option and its value from the words.</summary>
    /// <returns>False when the option has no value.</returns>
    private static bool TryTake(List<string> words, string option, out string? value)
    {
        value = null;
        var at = words.IndexOf(option);
        if (at < 0)
            return true;
        if (at + 1 == words.Count)
            return false;
        value = words[at + 1];
        words.RemoveRange(at, 2);
        return true;
    }

    private static async Task<int> RefuseAsync(TextWriter error, string why)
    {
        await error.WriteLineAsync($"daybook: {why}; see --help").ConfigureAwait(false);
        return BadInput;
    }
}
