using Bank.CommandLine;

namespace Bank.Tests.CommandLine;

public sealed class ProjectionsCommandTests
{
    [Theory]
    [InlineData("status")]
    [InlineData("rebuild balances --postgres")]
    public async Task Without_a_connection_string_the_error_shows_how_to_give_one(string line)
    {
        var refused = await Assert.ThrowsAsync<UsageException>(() => ProjectionsCommand.RunAsync(line.Split(' '), TextWriter.Null, TextWriter.Null));

        Assert.Contains("--postgres CONNECTION", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("status --postgres=Host=127.0.0.1;Port=1;Database=x")]
    [InlineData("--postgres Host=127.0.0.1;Port=1;Database=x status")]
    public async Task A_server_that_is_away_is_named(string line)
    {
        using var error = new StringWriter();

        Assert.Equal(2, await ProjectionsCommand.RunAsync(line.Split(' '), TextWriter.Null, error));
        Assert.Contains("'x' at 127.0.0.1:1 could not be reached", error.ToString(), StringComparison.Ordinal);
    }
}
