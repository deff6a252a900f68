using Daybook.ZooKeeper;

namespace Daybook.BookKeeper.Tests.Connections;

public sealed class OptionTests
{
    private static readonly BookKeeperOptions s_good = new(new ZooKeeperOptions("none:1"));

    public static TheoryData<string, BookKeeperOptions> Bad => new()
    {
        { "LedgersRoot is ledgers;", s_good with { LedgersRoot = "ledgers" } },
        { "LedgersRoot is /;", s_good with { LedgersRoot = "/" } },
        { "LedgersRoot is /a/;", s_good with { LedgersRoot = "/a/" } },
        { "LedgersRoot is /a//b;", s_good with { LedgersRoot = "/a//b" } },
        { "MaxFrameBytes is 1023; it must be from 1024 to", s_good with { MaxFrameBytes = 1023 } },
        { "ConnectTimeout is 00:00:00; it must be from 00:00:00.01", s_good with { ConnectTimeout = TimeSpan.Zero } },
        { "AddTimeout is 02:00:00; it must be from 00:00:00.0100000 to 01:00:00", s_good with { AddTimeout = TimeSpan.FromHours(2) } },
        { "ReadTimeout is -00:00:00.0010000;", s_good with { ReadTimeout = Timeout.InfiniteTimeSpan } },
        { "SpeculativeReadAfter is", s_good with { SpeculativeReadAfter = TimeSpan.Zero } },
        { "LongPollTimeout is", s_good with { LongPollTimeout = TimeSpan.Zero } },
        { "ExplicitLacAfter is", s_good with { ExplicitLacAfter = TimeSpan.FromTicks(-1) } },
        { "MaxPendingBytesPerBookie is 5242880; it must be from 10485760", s_good with { MaxPendingBytesPerBookie = s_good.MaxFrameBytes } },
        { "MaxPendingAdds is 0;", s_good with { MaxPendingAdds = 0 } },
        { "MaxPendingAddBytes is 0;", s_good with { MaxPendingAddBytes = 0 } },
        { "AvoidFor is", s_good with { AvoidFor = TimeSpan.FromDays(2) } },
        { "Protocol is 7; it must be V2 or V3", s_good with { Protocol = (BookieProtocol)7 } },
        { "Protocol is V2; it must be V3 when Tls is set", s_good with { Protocol = BookieProtocol.V2, Tls = new() } },
    };

    [Theory, MemberData(nameof(Bad))]
    public void Option_out_of_bounds_is_named_with_its_bounds(string problem, BookKeeperOptions options)
    {
        var error = Assert.Throws<BookKeeperException>(options.Validate);

        Assert.Equal(BookKeeperError.IncorrectParameter, error.Error);
        Assert.Contains($"BookKeeperOptions.{problem}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Defaults_and_encryption_over_v3_are_valid()
    {
        s_good.Validate();
        (s_good with { Tls = new() }).Validate();
        (s_good with { Protocol = BookieProtocol.V2, ExplicitLacAfter = TimeSpan.Zero, AvoidFor = TimeSpan.Zero }).Validate();
    }
}
