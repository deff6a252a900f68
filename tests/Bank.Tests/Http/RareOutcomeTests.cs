using Bank.Tests.Running;
using Daybook;
using Microsoft.Extensions.DependencyInjection;

namespace Bank.Tests.Http;

/// <summary>Answers that a sound book hardly ever gives, through the real application.</summary>
public sealed class RareOutcomeTests
{
    [Fact]
    public async Task T6_a_command_in_doubt_is_answered_with_where_to_ask()
    {
        var key = Guid.NewGuid();
        var answer = await SendAsync(id => new Outcome.InDoubt(id, "The owner was lost."), key);

        Assert.Equal((202, $"/commands/{key}"), (answer.Status, answer.Response.Headers.Location?.OriginalString));
        Assert.Equal(("in-doubt", "The owner was lost.", $"/commands/{key}"),
            (answer.Text("outcome"), answer.Text("detail"), answer.Text("ask")));
    }

    [Theory]
    [InlineData(ErrorCode.NotOwner, 503, true)]
    [InlineData(ErrorCode.Overloaded, 503, true)]
    [InlineData(ErrorCode.StoreFailed, 503, false)]
    [InlineData(ErrorCode.Closed, 503, false)]
    [InlineData(ErrorCode.TooLarge, 413, false)]
    [InlineData(ErrorCode.InvalidArgument, 400, false)]
    [InlineData(ErrorCode.HandlerFailed, 500, false)]
    public async Task An_error_of_the_book_is_a_problem_with_its_code(ErrorCode code, int status, bool tryAgain)
    {
        var answer = await SendAsync(_ => throw new DaybookException(code, "It went wrong."));
        Assert.Equal("It went wrong.", answer.Problem(status));
        Assert.Equal((code.ToString(), tryAgain), (answer.Text("code"), answer.Response.Headers.RetryAfter is not null));
    }

    [Fact]
    public async Task An_unexpected_error_reveals_nothing_about_the_inside()
    {
        var answer = await SendAsync(_ => throw new InvalidOperationException("secret"));
        Assert.DoesNotContain("secret", answer.Problem(500), StringComparison.Ordinal);
    }

    private static async Task<Answer> SendAsync(Func<CommandId, Outcome> outcome, Guid? key = null)
    {
        await using var bank = await RunningBank.StartAsync(services =>
            services.AddSingleton<IDaybook>(new ScriptedBook(outcome)));
        return await bank.PostAsync("/transfers", """{"from":"alice","to":"bob","currency":"EUR","amount":"5"}""", key);
    }
}
