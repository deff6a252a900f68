namespace Daybook.Core.Tests.Engine;

public sealed class OptionsTests
{
    [Fact]
    public void Option_out_of_its_range_is_named_with_the_range_and_its_unit()
    {
        Expect("HandlerTimeout is 0 ms; it must lie between 100 and 2147483647 ms.", o => o.HandlerTimeout = TimeSpan.Zero);
        Expect("OwnershipTimeout is -1 ms; it must lie between 0 and 86400000 ms.", o => o.OwnershipTimeout = Timeout.InfiniteTimeSpan);
        Expect("MaxRecordBytes is 1 bytes; it must lie between 1024 and 16777216 bytes.", o => o.MaxRecordBytes = 1);
        Expect("LedgerBytes is 0 bytes; it must lie between 1048576 and ", o => o.LedgerBytes = 0);
        Expect("Partitions is 0; it must lie between 1 and 4096.", o => o.Partitions = 0);
    }

    private static void Expect(string message, Action<DaybookOptions> configure)
    {
        var options = new DaybookOptions();
        configure(options);
        var refused = Assert.Throws<DaybookException>(options.Validate);
        Assert.Equal(ErrorCode.InvalidArgument, refused.Code);
        Assert.Contains($"DaybookOptions.{message}", refused.Message, StringComparison.Ordinal);
    }
}
