using Microsoft.Extensions.Logging;

namespace Daybook.Projections;

/// <summary>What every runner of a host shares.</summary>
internal sealed record ProjectionRunnerContext(IEventDecoder Decoder, ProjectionOptions Options, TimeProvider Time, ILogger Logger)
{
    private readonly LeftBehind _leftBehind = new();

    /// <summary>Whether a runner that did not end may still use its sink.</summary>
    internal bool HasLeftBehind => _leftBehind.Any;

    /// <summary>Notes a runner that did not end.</summary>
    internal void LeaveBehind(ProjectionId projection, PartitionId partition, TimeSpan waited)
    {
        _leftBehind.Any = true;
        Logger.LeftBehind(projection.Label, partition, waited.TotalSeconds);
    }

    /// <summary>Shared by the copies of a context.</summary>
    private sealed class LeftBehind
    {
        internal volatile bool Any;
    }
}
