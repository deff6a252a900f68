namespace Daybook.Servers.Processes;

/// <summary>What the run of a program left.</summary>
/// <param name="Program">Which program.</param>
/// <param name="ExitCode">Its exit code; 0 is success.</param>
/// <param name="Output">What it wrote to its standard output.</param>
/// <param name="Error">What it wrote to its standard error.</param>
public sealed record ToolRun(string Program, int ExitCode, string Output, string Error)
{
    /// <summary>What the program wrote to its standard output, if it succeeded.</summary>
    /// <exception cref="InvalidOperationException">It did not; the message has what it wrote to its standard error.</exception>
    public string Succeeded() => ExitCode == 0
        ? Output
        : throw new InvalidOperationException($"'{Program}' ended with {ExitCode}:\n{Error}\n{Output}");
}
