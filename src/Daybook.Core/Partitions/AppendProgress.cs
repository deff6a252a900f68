namespace Daybook.Core.Partitions;

/// <summary>Measures how long a partition has waited for its ledger without progress (invariant J9).</summary>
internal sealed class AppendProgress(TimeProvider time)
{
    private long _since;
    private int _inFlight;

    public TimeSpan Waiting => Volatile.Read(ref _since) is var since and not 0 ? time.GetElapsedTime(since) : TimeSpan.Zero;

    public void Submitted()
    {
        if (_inFlight++ == 0)
            Volatile.Write(ref _since, time.GetTimestamp());
    }

    public void Durable() => Volatile.Write(ref _since, --_inFlight == 0 ? 0 : time.GetTimestamp());
}
