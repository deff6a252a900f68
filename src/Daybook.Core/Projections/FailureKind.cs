namespace Daybook.Projections;

/// <summary>What a failure means for a projection. The one switch that decides.</summary>
internal enum FailureKind
{
    /// <summary>It may go away by itself: try again after a pause.</summary>
    Transient,

    /// <summary>It stays until somebody does something: park.</summary>
    Permanent,

    /// <summary>This runner has nothing more to do here: stop.</summary>
    Over,
}

internal static class Failures
{
    internal static FailureKind Classify(Exception error) => error is not DaybookException known ? FailureKind.Transient : known.Code switch
    {
        ErrorCode.StaleEpoch or ErrorCode.NotOwner or ErrorCode.Closed => FailureKind.Over,
        ErrorCode.PoisonEvent or ErrorCode.Truncated or ErrorCode.Corrupted or ErrorCode.NewerFormat
            or ErrorCode.InvalidArgument or ErrorCode.UnknownType => FailureKind.Permanent,
        _ => FailureKind.Transient,
    };
}
