using System.Net.Sockets;
using System.Runtime.InteropServices;
using Daybook.BookKeeper;
using Daybook.Bookie.Cluster;
using Daybook.Bookie.CommandLine;
using Daybook.ZooKeeper;

namespace Daybook.Bookie;

/// <summary>The program: one command line, one exit code.</summary>
internal static class BookieProgram
{
    private const int Ok = 0;
    private const int Failed = 1;
    private const int BadInput = 2;

    /// <summary>Serves until SIGTERM, SIGINT or the end of the process; or replicates and exits.</summary>
    /// <returns>0 after a clean end, 1 when it could not start or not everything was replicated, 2 when the command line is
    /// invalid.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        try
        {
            if (args is [ReplicateArguments.Verb, ..])
                return await ReplicateAsync(ReplicateArguments.Parse(args[1..]), output).ConfigureAwait(false);
            var arguments = BookieArguments.Parse(args);
            if (!arguments.Help)
                return await ServeAsync(arguments, output, error).ConfigureAwait(false);
            await output.WriteLineAsync(BookieArguments.Usage).ConfigureAwait(false);
            return Ok;
        }
        catch (UsageException e)
        {
            await error.WriteLineAsync($"bookie: {e.Message}; see --help").ConfigureAwait(false);
            return BadInput;
        }
        catch (OperationCanceledException)
        {
            return Ok;
        }
        catch (Exception e) when (e is StartException or BookKeeperException or DaybookException or ZooKeeperException or SocketException
            or IOException or InvalidDataException or UnauthorizedAccessException or ArgumentException)
        {
            await error.WriteLineAsync($"bookie: {e.Message}").ConfigureAwait(false);
            return Failed;
        }
    }

    private static async Task<int> ReplicateAsync(ReplicateArguments arguments, TextWriter output) =>
        await ReplicateCommand.RunAsync(arguments, output).ConfigureAwait(false) ? Ok : Failed;

    private static async Task<int> ServeAsync(BookieArguments arguments, TextWriter output, TextWriter error)
    {
        using var stop = new CancellationTokenSource();
        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }

        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        var host = await BookieHost.StartAsync(arguments, line => error.WriteLine($"bookie: {line}"), stop.Token).ConfigureAwait(false);
        await using (host.ConfigureAwait(false))
        {
            await output.WriteLineAsync($"bookie {host.Bookie} serves").ConfigureAwait(false);
            await output.FlushAsync(stop.Token).ConfigureAwait(false);
            await Task.Delay(Timeout.Infinite, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        return Ok;
    }
}
