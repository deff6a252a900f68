namespace Daybook.Bookie.Tests.CommandLine;

public sealed class ProgramTests
{
    [Theory]
    [InlineData("--port 1 --no-zk", "--data is missing")]
    [InlineData("--data x --no-zk", "--port is missing")]
    [InlineData("--data x --port 1", "--zk is missing")]
    [InlineData("--data x --port 1 --zk a:1 --no-zk", "contradict")]
    [InlineData("--data x --port 1 --no-zk --format", "need --zk")]
    [InlineData("--data x --port 70000 --no-zk", "--port needs a number from 1 to 65535, not '70000'")]
    [InlineData("--data x --port 1 --zk a:1 --ledgers-root ledgers", "--ledgers-root needs a path")]
    [InlineData("--data x --port 1 --no-zk --host nowhere.example", "--host needs an address")]
    [InlineData("--data --port 1", "--data needs a value")]
    [InlineData("--what", "'--what' is not an option")]
    [InlineData("replicate --lost a:1", "replicate: --zk is missing")]
    [InlineData("replicate --zk a:1", "replicate: --lost is missing")]
    [InlineData("replicate --zk a:1 --lost a:2 --ledgers-root ledgers", "--ledgers-root needs a path")]
    [InlineData("replicate --zk a:1 --lost a:2 --format", "'--format' is not an option of replicate")]
    public async Task Command_line_that_cannot_be_followed_is_explained_and_ends_with_2(string line, string expected)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();

        var code = await BookieProgram.RunAsync(line.Split(' '), output, error);

        Assert.Equal(2, code);
        Assert.Contains(expected, error.ToString(), StringComparison.Ordinal);
        Assert.Empty(output.ToString());
    }

    [Fact]
    public async Task Help_is_not_an_error()
    {
        using var output = new StringWriter();
        Assert.Equal(0, await BookieProgram.RunAsync(["--help"], output, TextWriter.Null));
        Assert.Contains("--ledgers-root", output.ToString(), StringComparison.Ordinal);
    }
}
