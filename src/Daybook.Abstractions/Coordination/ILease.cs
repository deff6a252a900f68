namespace Daybook.Coordination;

/// <summary>
/// A claim to be the only owner of something. It is for liveness: it decides who tries. Safety comes from carrying <see cref="Epoch"/> to
/// every write, where a later one fences it.
/// </summary>
public interface ILease : IAsyncDisposable
{
    /// <summary>What is leased.</summary>
    string Name { get; }

    /// <summary>The fencing token: higher than any earlier holder's.</summary>
    Epoch Epoch { get; }

    /// <summary>False from the moment the holder can no longer be sure, by its own monotonic clock, counted from the send time of the last
    /// acknowledged renewal (invariant F4).</summary>
    bool IsValid { get; }

    /// <summary>Cancelled when the lease is lost for good.</summary>
    CancellationToken Lost { get; }
}
