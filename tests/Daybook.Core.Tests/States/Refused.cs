namespace Daybook.Core.Tests.States;

/// <summary>What a book is refused for.</summary>
internal static class Refused
{
    public static async Task<DaybookException> OpeningAsync(DaybookBuilder builder)
    {
        var refused = await Assert.ThrowsAsync<DaybookException>(async () =>
        {
            await using var book = await builder.OpenAsync();
        });
        Assert.Equal(ErrorCode.InvalidArgument, refused.Code);
        return refused;
    }

    /// <summary>Refused when it is registered or when the book is opened.</summary>
    public static Task<DaybookException> OpeningAsync(Type handlers)
    {
        try
        {
            return OpeningAsync(new DaybookBuilder().UseMemory().AddHandlers(handlers));
        }
        catch (DaybookException e) when (e.Code == ErrorCode.InvalidArgument)
        {
            return Task.FromResult(e);
        }
    }

    public static async Task WithAsync(Type handlers, params string[] named)
    {
        var message = (await OpeningAsync(handlers)).Message;
        Assert.All(named, name => Assert.Contains(name, message, StringComparison.Ordinal));
    }
}
