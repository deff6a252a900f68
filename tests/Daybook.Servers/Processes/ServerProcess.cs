using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Daybook.Servers.Processes;

/// <summary>
/// A program in a separate process that a test starts, communicates with, freezes and kills. It is ended by its id when this is disposed
/// of, and by the kernel if the test host is killed first.
/// </summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private const int Pipes = 2;
    private const int Terminated = 15;
    private const int Continue = 18;
    private const int Stop = 19;

    private readonly Process _process;
    private readonly OutputLines _output = new();
    private int _disposed;

    private ServerProcess(Process process)
    {
        _process = process;
        PipeReaders.Add(Pipes);
        process.OutputDataReceived += (_, line) => _output.Add(line.Data);
        process.ErrorDataReceived += (_, line) => _output.Add(line.Data);
        process.EnableRaisingEvents = true;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>The process id.</summary>
    public int Id => _process.Id;

    /// <summary>Whether the process has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>The exit code of a process that has ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>The last lines that the process wrote, to its standard output and error, for error messages.</summary>
    public string OutputTail => _output.Tail;

    /// <summary>Starts a program.</summary>
    /// <param name="program">The name of a program on PATH, or its path.</param>
    /// <param name="args">Its arguments, as they are.</param>
    /// <param name="folder">Where it runs; the current folder by default.</param>
    /// <exception cref="Debian.MissingToolException">There is no such program.</exception>
    public static ServerProcess Start(string program, IReadOnlyList<string> args, string? folder = null) =>
        new(ProcessStarter.Start(new ProcessStartInfo(program, args)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = folder ?? "",
        }));

    /// <summary>Waits for a line that the process writes; lines of before count once.</summary>
    /// <param name="start">How the line begins.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>The line.</returns>
    /// <exception cref="InvalidOperationException">The process ended without it.</exception>
    public Task<string> ReadLineAsync(string start = "", CancellationToken cancellationToken = default) =>
        _output.ReadAsync(line => line.StartsWith(start, StringComparison.Ordinal), cancellationToken);

    /// <summary>Writes a line to the standard input of the process.</summary>
    public async Task WriteLineAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>SIGKILL: no handler, no flush, no goodbye; returns when the process is gone.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGSTOP: the process keeps its connections and does nothing; returns when it has stopped.</summary>
    public async Task PauseAsync()
    {
        Signal(Stop);
        await Wait.UntilAsync(() => HasExited || State() is 'T', $"process {Id} had stopped");
    }

    /// <summary>SIGCONT: the process goes on where it was stopped.</summary>
    public void Resume() => Signal(Continue);

    /// <summary>SIGTERM: asks the process to end.</summary>
    public void Terminate() => Signal(Terminated);

    /// <summary>Waits for the end of the process.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> WaitForExitAsync(CancellationToken cancellationToken = default)
    {
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
            PipeReaders.Add(-Pipes);
    }

    private char State()
    {
        try
        {
            var text = File.ReadAllText($"/proc/{Id}/stat");
            return text[text.LastIndexOf(')') + 2];
        }
        catch (IOException)
        {
            return 'X';
        }
    }

    private void Signal(int signal)
    {
        if (kill(Id, signal) != 0)
            throw new InvalidOperationException($"Process {Id} cannot be sent signal {signal}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int pid, int signal);
}
