namespace Daybook.ZooKeeper.Sessions;

/// <summary>
/// The timers of a session, all driven by the negotiated timeout and a monotonic clock (invariant C6). Times are timestamps of a
/// <see cref="TimeProvider"/>. Not thread-safe but for single fields; the session's loops call it.
/// </summary>
internal sealed class SessionClock(TimeProvider time)
{
    private long _lastHeard = time.GetTimestamp();
    private long _lastSent = time.GetTimestamp();
    private long _renewed;
    private long _timeoutTicks;

    /// <summary>As the server granted it; zero before it did.</summary>
    public TimeSpan Timeout => new(Volatile.Read(ref _timeoutTicks));

    /// <summary>A connection that is silent for this long is closed.</summary>
    public TimeSpan ReadTimeout => Timeout * 2 / 3;

    /// <summary>After so long without sending, a ping is due.</summary>
    public TimeSpan PingAfter => Min(ReadTimeout / 2, TimeSpan.FromSeconds(10));

    public bool IsPingDue => time.GetElapsedTime(Volatile.Read(ref _lastSent)) >= PingAfter;

    public bool IsServerSilent => time.GetElapsedTime(Volatile.Read(ref _lastHeard)) >= ReadTimeout;

    /// <summary>
    /// True when nothing was heard for a third more than the session timeout: the server has expired the session, or will before it lets it
    /// on again (ZOOKEEPER-4508).
    /// </summary>
    public bool IsExpired => Timeout > TimeSpan.Zero && ExpiresIn <= TimeSpan.Zero;

    /// <summary>How long until <see cref="IsExpired"/> if nothing is heard.</summary>
    public TimeSpan ExpiresIn => Timeout * 4 / 3 - time.GetElapsedTime(Volatile.Read(ref _lastHeard));

    /// <summary>Until when the session surely lives: the timeout, less a tenth for clocks that run apart, from when the last answered message was sent.</summary>
    public bool IsSurelyAlive => Volatile.Read(ref _renewed) is var renewed and not 0 && time.GetElapsedTime(renewed) < Timeout * 9 / 10;

    /// <summary>A session was established or resumed.</summary>
    /// <param name="timeout">As the server granted it.</param>
    /// <param name="asked">When it was asked for.</param>
    public void Established(TimeSpan timeout, long asked)
    {
        Volatile.Write(ref _timeoutTicks, timeout.Ticks);
        Heard();
        Sent();
        Renewed(asked);
    }

    public void Heard() => Volatile.Write(ref _lastHeard, time.GetTimestamp());

    public long Sent()
    {
        var now = time.GetTimestamp();
        Volatile.Write(ref _lastSent, now);
        return now;
    }

    /// <summary>A message was answered.</summary>
    /// <param name="sentAt">When it was sent.</param>
    public void Renewed(long sentAt)
    {
        if (sentAt > Volatile.Read(ref _renewed))
            Volatile.Write(ref _renewed, sentAt);
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
