namespace Daybook.Projections;

/// <summary>Which builds of which projections a host runs. Changed by one caller at a time, read by many.</summary>
internal sealed class HostedBuilds
{
    private readonly ProjectionId[] _projections;
    private volatile ProjectionBuild[] _all;

    /// <exception cref="DaybookException"><see cref="ErrorCode.InvalidArgument"/>: two projections have one name.</exception>
    internal HostedBuilds(IEnumerable<IProjectionWriter> writers)
    {
        _all = [.. writers.Select(w => new ProjectionBuild(w))];
        _projections = Array.ConvertAll(_all, b => b.Writer.Projection);
        var twice = _projections.GroupBy(p => p.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1);
        if (twice is not null)
            throw new DaybookException(ErrorCode.InvalidArgument, $"Two projections have the name '{twice.Key}'; names must differ by more than case.");
    }

    internal IReadOnlyList<ProjectionId> Registered => _projections;

    internal ProjectionBuild[] All => _all;

    /// <summary>Replaces the builds of a projection.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.UnknownType"/>: it is none of the host's.</exception>
    internal void Replace(ProjectionId projection, IReadOnlyCollection<ProjectionBuild> builds)
    {
        Require(projection.Name);
        if (builds.Any(b => b.Writer.Projection != projection) || builds.Count(b => b.IsCurrent) > 1)
            throw new DaybookException(ErrorCode.InvalidArgument, $"The builds given for projection {projection} are of another one, or more than one is current.");
        _all = [.. _all.Where(b => b.Writer.Projection != projection), .. builds];
    }

    internal void Require(string projection)
    {
        if (_projections.Any(p => p.Name == projection))
            return;
        var known = string.Join(", ", _projections.Select(p => $"'{p.Name}'"));
        var reaction = _projections.FirstOrDefault(p => p.Name == ProjectionId.ReactionPrefix + projection).Name;
        throw new DaybookException(ErrorCode.UnknownType, reaction is null
            ? $"There is no projection '{projection}'; known are: {known}."
            : $"There is no projection '{projection}'. The reaction of that name is addressed as '{reaction}'.");
    }
}
