using Daybook.Testing.Time;
using Daybook.ZooKeeper.Sessions;

namespace Daybook.ZooKeeper.Tests.Wire;

public sealed class SessionClockTests
{
    private static readonly TimeSpan s_granted = TimeSpan.FromSeconds(6);
    private readonly ManualTime _time = new();
    private readonly SessionClock _clock;

    public SessionClockTests()
    {
        _clock = new SessionClock(_time);
        _clock.Established(s_granted, _time.GetTimestamp());
    }

    [Fact]
    public void C6_granted_timeout_drives_all_timers()
    {
        Assert.Equal(TimeSpan.FromSeconds(4), _clock.ReadTimeout);
        Assert.Equal(TimeSpan.FromSeconds(2), _clock.PingAfter);
        AssertTurns(() => _clock.IsPingDue, TimeSpan.FromSeconds(2), _clock.Heard);
        AssertTurns(() => _clock.IsServerSilent, TimeSpan.FromSeconds(4), _clock.Heard);
        AssertTurns(() => _clock.IsExpired, TimeSpan.FromSeconds(8), _clock.Heard);
    }

    [Fact]
    public void C6_ping_is_sent_every_ten_seconds_at_least()
    {
        _clock.Established(TimeSpan.FromMinutes(10), _time.GetTimestamp());
        Assert.Equal(TimeSpan.FromSeconds(10), _clock.PingAfter);
    }

    [Fact]
    public void C6_nothing_expires_before_a_session_was_granted()
    {
        var clock = new SessionClock(_time);
        _time.Advance(TimeSpan.FromDays(1));
        Assert.False(clock.IsExpired);
        Assert.False(clock.IsSurelyAlive);
    }

    [Fact]
    public void C6_jump_of_the_wall_clock_changes_nothing()
    {
        var jumping = new JumpingTime();
        var clock = new SessionClock(jumping);
        clock.Established(s_granted, jumping.GetTimestamp());
        jumping.Now += TimeSpan.FromDays(400);
        Assert.Equal((false, false, false, true), (clock.IsExpired, clock.IsServerSilent, clock.IsPingDue, clock.IsSurelyAlive));
        jumping.Now -= TimeSpan.FromDays(800);
        jumping.Monotonic += TimeSpan.FromSeconds(8).Ticks;
        Assert.Equal((true, true, true, false), (clock.IsExpired, clock.IsServerSilent, clock.IsPingDue, clock.IsSurelyAlive));
    }

    [Fact]
    public void F4_session_is_surely_alive_from_the_sending_of_what_was_answered()
    {
        var sent = _clock.Sent();
        _time.Advance(TimeSpan.FromSeconds(3));
        _clock.Renewed(sent);
        _time.Advance(TimeSpan.FromSeconds(2.3));
        Assert.True(_clock.IsSurelyAlive);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.False(_clock.IsSurelyAlive);
    }

    [Fact]
    public void F4_late_answer_to_an_older_message_takes_nothing_back()
    {
        var older = _clock.Sent();
        _time.Advance(TimeSpan.FromSeconds(3));
        _clock.Renewed(_clock.Sent());
        _clock.Renewed(older);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.True(_clock.IsSurelyAlive);
    }

    private void AssertTurns(Func<bool> isTrue, TimeSpan after, Action reset)
    {
        _clock.Sent();
        reset();
        _time.Advance(after - TimeSpan.FromTicks(1));
        Assert.False(isTrue());
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.True(isTrue());
    }

    /// <summary>A wall clock that jumps beside a monotonic one.</summary>
    private sealed class JumpingTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public long Monotonic { get; set; } = 1_000_000;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => Now;

        public override long GetTimestamp() => Monotonic;
    }
}
