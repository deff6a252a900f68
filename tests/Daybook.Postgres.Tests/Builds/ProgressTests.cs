using Daybook.Postgres.Builds;
using Daybook.Postgres.CommandLine;

namespace Daybook.Postgres.Tests.Builds;

public sealed class ProgressTests
{
    [Fact]
    public void Rate_follows_what_is_observed_and_smooths_it()
    {
        var meter = new RateMeter();
        meter.Observe(TimeSpan.FromSeconds(1), 100);
        Assert.Equal(0, meter.PerSecond);
        meter.Observe(TimeSpan.FromSeconds(2), 300);
        Assert.Equal(200, meter.PerSecond);
        meter.Observe(TimeSpan.FromSeconds(2), 900); // no time has passed
        Assert.Equal(200, meter.PerSecond);
        meter.Observe(TimeSpan.FromSeconds(3), 300);
        Assert.InRange(meter.PerSecond, 150, 180);
        meter.Observe(TimeSpan.FromSeconds(60), 0); // went back: applied again after a crash
        Assert.InRange(meter.PerSecond, 0, 1);
    }

    [Theory]
    [InlineData(50, 100, 10, 0, "50 of 100 records (50.0 %), 10/s, 5 s left")]
    [InlineData(50, 100, 10, 5, "50 of 100 records (50.0 %), 10/s, 10 s left")]
    [InlineData(50, 100, 5, 10, "50 of 100 records (50.0 %), 5/s, not gaining on the journal")]
    [InlineData(0, 100, 0, 0, "0 of 100 records (0.0 %), 0/s, waiting for a node that runs it")]
    [InlineData(999_999, 1_000_000, 100, 0, "999,999 of 1,000,000 records (99.9 %), 100/s, 1 s left")]
    [InlineData(0, 36_000_000, 1000, 0, "0 of 36,000,000 records (0.0 %), 1,000/s, 10.0 h left")]
    [InlineData(0, 600_000, 1000, 0, "0 of 600,000 records (0.0 %), 1,000/s, 10 min left")]
    [InlineData(0, 0, 0, 0, "0 of 0 records (100.0 %), 0/s, 0 s left")]
    public void Progress_is_shown_as_records_rate_and_time_left(long done, long head, double rate, double headRate, string text) =>
        Assert.Equal(text, new BuildProgress(done, head, rate, headRate, false, null).ToString());
}
