using System.Diagnostics;
using System.Text;

namespace Bank.Tests.Running;

/// <summary>The result of a run of the program: its exit code and output.</summary>
internal sealed record BankRun(int ExitCode, string Output, string Error);

/// <summary>The real program in a separate process.</summary>
internal sealed class BankProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private TaskCompletionSource _more = New();
    private readonly TaskCompletionSource<string> _serving = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private BankProcess(string folder, string[] args, string? postgres)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["ConnectionStrings__Bank"] = postgres;
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Bank.dll"));
        foreach (var arg in args)
            start.ArgumentList.Add(arg);
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => OnOutput(line.Data);
        _process.ErrorDataReceived += (_, line) => Append(_error, line.Data);
    }

    public string Output => Text(_output);

    public string Error => Text(_error);

    /// <summary>Starts the program in a folder.</summary>
    public static BankProcess Start(string folder, params string[] args) => StartOn(null, folder, args);

    /// <summary>Starts the program in a folder, with a connection string in its environment.</summary>
    public static BankProcess StartOn(string? postgres, string folder, params string[] args)
    {
        var bank = new BankProcess(folder, args, postgres);
        bank._process.Start();
        bank._process.BeginOutputReadLine();
        bank._process.BeginErrorReadLine();
        return bank;
    }

    /// <summary>Runs the program to its end.</summary>
    public static Task<BankRun> RunAsync(string folder, params string[] args) => RunOnAsync(null, folder, args);

    /// <summary>Runs the program to its end, with a connection string in its environment.</summary>
    public static async Task<BankRun> RunOnAsync(string? postgres, string folder, params string[] args)
    {
        await using var bank = StartOn(postgres, folder, args);
        await bank.EndAsync();
        return new BankRun(bank._process.ExitCode, bank.Output, bank.Error);
    }

    /// <summary>Waits until the program serves.</summary>
    /// <returns>Its address.</returns>
    public async Task<Uri> ServingAsync()
    {
        var ended = _process.WaitForExitAsync();
        if (await Task.WhenAny(_serving.Task, ended) == ended)
            throw new InvalidOperationException($"The bank ended before it served:\n{Output}\n{Error}");
        return new Uri(await _serving.Task);
    }

    /// <summary>Waits until the program serves and owns the book.</summary>
    /// <returns>Its address.</returns>
    public async Task<Uri> ReadyAsync()
    {
        var address = await ServingAsync();
        using var http = new HttpClient { BaseAddress = address };
        await Wait.UntilAsync(async () => (await http.GetAsync("/health/ready")).IsSuccessStatusCode, "the bank owned the book");
        return address;
    }

    /// <summary>Waits until the program has printed a text, or has ended.</summary>
    public async Task SaidAsync(string text)
    {
        var ended = EndAsync();
        for (var more = Volatile.Read(ref _more); !Output.Contains(text, StringComparison.Ordinal); more = Volatile.Read(ref _more))
        {
            if (await Task.WhenAny(more.Task, ended) == ended)
                return;
        }
    }

    /// <summary>Waits for the end.</summary>
    public Task EndAsync() => _process.WaitForExitAsync();

    /// <summary>SIGKILL: no handler, no flush, no goodbye.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await EndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static void Append(StringBuilder text, string? line)
    {
        if (line is null)
            return;
        lock (text)
            text.Append(line).Append('\n');
    }

    private static string Text(StringBuilder text)
    {
        lock (text)
            return text.ToString();
    }

    private void OnOutput(string? line)
    {
        const string Serving = "Serving on ";
        Append(_output, line);
        Interlocked.Exchange(ref _more, New()).TrySetResult();
        if (line?.StartsWith(Serving, StringComparison.Ordinal) == true)
            _serving.TrySetResult(line[Serving.Length..].Split(' ', ',')[0]);
    }
}
