namespace Daybook.BookKeeper.Writing;

/// <summary>When a writer sends its LAC, and when it looks again for missing bookies. Timers run only while there is something to wait
/// for.</summary>
/// <remarks><see cref="ExpectQuiet"/> and <see cref="LookAgainLater"/> are called under the writer's lock.</remarks>
internal sealed class WriterTimers : IDisposable
{
    /// <summary>How long a writer goes on without a bookie before it looks again for another, or tries whether it is back.</summary>
    public static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(1);

    /// <summary>The longest such time: it doubles while nobody is found.</summary>
    public static readonly TimeSpan LookAgainAtMost = TimeSpan.FromSeconds(8);

    private readonly WriterDriver _driver;
    private readonly TimeSpan _quietAfter;
    private readonly ITimer _quiet;
    private readonly ITimer _look;
    private bool _expectsQuiet;
    private bool _looks;
    private TimeSpan _lookAfter = LookAgainAfter;

    public WriterTimers(ClientServices services, WriterDriver driver)
    {
        (_driver, _quietAfter) = (driver, services.Options.ExplicitLacAfter);
        _quiet = services.Time.CreateTimer(_ => OnQuiet(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _look = services.Time.CreateTimer(_ => OnLook(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>An entry was acknowledged: its LAC is sent once the writer is quiet.</summary>
    public void ExpectQuiet()
    {
        if (_expectsQuiet || _quietAfter <= TimeSpan.Zero)
            return;
        _expectsQuiet = true;
        _quiet.Change(_quietAfter / 2, Timeout.InfiniteTimeSpan);
    }

    /// <summary>A bookie failed.</summary>
    public void LookAgainLater()
    {
        if (_looks)
            return;
        _looks = true;
        _look.Change(_lookAfter, Timeout.InfiniteTimeSpan);
        _lookAfter = _lookAfter * 2 < LookAgainAtMost ? _lookAfter * 2 : LookAgainAtMost;
    }

    public void Dispose()
    {
        _quiet.Dispose();
        _look.Dispose();
    }

    private void OnQuiet() => _driver.Post(machine =>
    {
        _expectsQuiet = false;
        if (machine.Quiet())
            ExpectQuiet();
    });

    private void OnLook() => _driver.Post(machine =>
    {
        _looks = false;
        machine.LookAgain();
        if (machine.LacksBookies)
            LookAgainLater();
        else
            _lookAfter = LookAgainAfter;
    });
}
