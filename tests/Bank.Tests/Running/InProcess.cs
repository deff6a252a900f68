namespace Bank.Tests.Running;

/// <summary>The program in this process; the same entry as the real one's, without the time a start takes.</summary>
internal static class InProcess
{
    public static async Task<BankRun> RunAsync(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var code = await BankProgram.RunAsync(args, output, error, isTerminal: false);
        return new BankRun(code, output.ToString(), error.ToString());
    }

    /// <summary>Runs the program on the book in a temporary folder.</summary>
    public static Task<BankRun> BankAsync(this TemporaryFolder folder, params string[] args) => RunAsync([.. args, "--data", folder["data"]]);
}
