namespace Daybook.Projections;

/// <summary>What a failure means for a projection.</summary>
public enum FailureKind
{
    /// <summary>It passes by itself: retried with pauses until it has.</summary>
    Retry,

    /// <summary>It may pass: retried <see cref="ProjectionOptions.AttemptsBeforeParking"/> times, then parked.</summary>
    RetryThenPark,

    /// <summary>It stays until somebody does something: parked.</summary>
    Park,

    /// <summary>This runner has nothing more to do here: stopped.</summary>
    Stop,
}
