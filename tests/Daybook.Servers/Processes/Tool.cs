using System.Diagnostics;

namespace Daybook.Servers.Processes;

/// <summary>Runs programs to their end.</summary>
public static class Tool
{
    /// <summary>Runs a program to its end and returns its output.</summary>
    /// <param name="program">The name of a program on PATH, or its path.</param>
    /// <param name="args">Its arguments, as they are.</param>
    /// <param name="cancellationToken">Kills it.</param>
    public static async Task<ToolRun> RunAsync(string program, IReadOnlyList<string> args, CancellationToken cancellationToken = default)
    {
        using var process = ProcessStarter.Start(new ProcessStartInfo(program, args)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        });
        process.StandardInput.Close();
        try
        {
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            var complaint = await error;
            await process.WaitForExitAsync(cancellationToken);
            return new ToolRun(program, process.ExitCode, output, complaint);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }
}
