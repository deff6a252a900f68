using Npgsql;

namespace Daybook.Postgres.CommandLine;

/// <summary>
/// Operations on projections in PostgreSQL from outside the nodes: show their status, resume parked ones, rebuild, switch, switch back,
/// drop, verify. Everything goes through the database; the nodes that run the projections carry out an order within about a second.
/// </summary>
public static class ProjectionCommands
{
    /// <summary>The syntax of the commands.</summary>
    public static string Usage { get; } =
        """
        projections status [NAME]                    what runs, its progress, what is parked and why
        projections rebuild NAME [--manual] [--no-wait] [--version V]
                                                     fill a new build beside the old one; show it once it has caught up, or with --manual on switch
        projections switch NAME [--build N] [--version V] [--behind]
                                                     show a build that has caught up; with --behind also one that has not
        projections back NAME [--behind]             show the build that was shown before
        projections drop NAME --build N | --version V [--build N]
                                                     drop a build, or a whole version, that is not shown
        projections verify NAME [--build N] [--version V] [--sample P%]
                                                     fold the journal again and compare the rows; P % of the keys, default 100
        projections skip NAME POSITION [--build N]   skip the event that it is parked at, and continue
        projections retry NAME PARTITION [--build N] retry the event that it is parked at
        projections unpark NAME                      retry on every partition where it is parked
        """;

    /// <summary>Runs one command.</summary>
    /// <param name="args">The words after <c>projections</c>, see <see cref="Usage"/>.</param>
    /// <param name="options">The connection string and the schema; the other options are ignored. Nothing is created or migrated.</param>
    /// <param name="output">Receives the result.</param>
    /// <param name="error">Receives errors.</param>
    /// <param name="time">The clock; the system's by default.</param>
    /// <param name="cancellationToken">Stops waiting and watching; an order already placed is still carried out.</param>
    /// <returns>0 on success; 1 when <c>verify</c> found a difference, or the watched projection is parked; 2 when the command failed, with
    /// the cause on <paramref name="error"/>.</returns>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> args, PostgresProjectionOptions options, TextWriter output, TextWriter error, TimeProvider? time = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(error);
        try
        {
            options.Validate();
            await using var database = new PostgresDatabase(options);
            try
            {
                var context = new OperatorContext(database, output, time ?? TimeProvider.System);
                return await RunAsync(new CommandArguments(args), context, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception failed) when (failed is NpgsqlException or TimeoutException)
            {
                throw database.Meaning(failed);
            }
        }
        catch (DaybookException refused)
        {
            await error.WriteLineAsync(refused.Message).ConfigureAwait(false);
            return 2;
        }
    }

    private static async Task<int> RunAsync(CommandArguments args, OperatorContext context, CancellationToken cancellationToken)
    {
        var verb = args.Operand();
        return verb switch
        {
            null => throw new DaybookException(ErrorCode.InvalidArgument, $"A command is missing. Usage:\n{Usage}"),
            "status" => await StatusCommand.RunAsync(args, context, cancellationToken).ConfigureAwait(false),
            "skip" => await ParkedCommands.SkipAsync(args, context, cancellationToken).ConfigureAwait(false),
            "retry" => await ParkedCommands.RetryAsync(args, context, cancellationToken).ConfigureAwait(false),
            "unpark" => await ParkedCommands.UnparkAsync(args, context, cancellationToken).ConfigureAwait(false),
            "rebuild" => await RebuildCommand.RunAsync(args, context, cancellationToken).ConfigureAwait(false),
            "switch" => await SwitchCommands.SwitchAsync(args, context, cancellationToken).ConfigureAwait(false),
            "back" => await SwitchCommands.BackAsync(args, context, cancellationToken).ConfigureAwait(false),
            "verify" => await VerifyCommand.RunAsync(args, context, cancellationToken).ConfigureAwait(false),
            "drop" => await DropCommand.RunAsync(args, context, cancellationToken).ConfigureAwait(false),
            _ => throw new DaybookException(ErrorCode.InvalidArgument, $"The command 'projections {verb}' is unknown. The commands are:\n{Usage}"),
        };
    }
}
