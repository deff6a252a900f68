using Bank.Http;
using Daybook.Testing.Time;

namespace Bank.Tests.Http;

public sealed class ThroughputTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void Commands_are_counted_by_the_second_in_which_they_came()
    {
        var throughput = new Throughput(_time);
        throughput.Count();
        throughput.Count();
        _time.Advance(TimeSpan.FromSeconds(2));
        throughput.Count();
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(3, throughput.Total);
        Assert.Equal([2, 0, 1], throughput.PerSecond().TakeLast(3));
    }

    [Fact]
    public void The_running_second_is_not_shown_and_old_ones_are_forgotten()
    {
        var throughput = new Throughput(_time);
        throughput.Count();
        Assert.All(throughput.PerSecond(), count => Assert.Equal(0, count));
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(1, throughput.PerSecond()[0]);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.All(throughput.PerSecond(), count => Assert.Equal(0, count));
        Assert.Equal(1, throughput.Total);
    }
}
