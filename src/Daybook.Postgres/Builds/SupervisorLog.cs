using Microsoft.Extensions.Logging;

namespace Daybook.Postgres.Builds;

internal static partial class SupervisorLog
{
    [LoggerMessage(1, LogLevel.Information, "Projection {Build} has caught up and is shown from now on")]
    internal static partial void Switched(this ILogger logger, string build);

    [LoggerMessage(2, LogLevel.Information, "Projection {Build} is not shown yet: {Reason}")]
    internal static partial void NotSwitched(this ILogger logger, string build, string reason);

    [LoggerMessage(4, LogLevel.Error, "Projection {Build} cannot be built: {Reason}")]
    internal static partial void NotMade(this ILogger logger, string build, string reason);

    [LoggerMessage(3, LogLevel.Warning, "The projection builds in {Database} cannot be supervised; running builds continue: {Reason}")]
    internal static partial void Unsupervised(this ILogger logger, string? database, string reason);
}
