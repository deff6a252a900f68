namespace Daybook;

/// <summary>Bounds the requests under way: beyond the limit they are refused at once instead of piling up.</summary>
internal sealed class AdmissionLimit(int limit)
{
    private int _inside;

    /// <exception cref="DaybookException"><see cref="ErrorCode.Overloaded"/>.</exception>
    public void Enter()
    {
        if (Interlocked.Increment(ref _inside) <= limit)
            return;
        Interlocked.Decrement(ref _inside);
        throw new DaybookException(ErrorCode.Overloaded,
            $"More than {limit} requests are under way (option {nameof(DaybookOptions.MaxRequestsInFlight)}); nothing was written.");
    }

    public void Leave() => Interlocked.Decrement(ref _inside);
}
