namespace Daybook.Projections;

/// <summary>One build of a version of a projection: a read model with checkpoints of its own. A host may run several beside each other.</summary>
/// <param name="Writer">What its runners write; it distinguishes builds of a version.</param>
public sealed record ProjectionBuild(IProjectionWriter Writer)
{
    /// <summary>Whether it is the one that readers of the version see. One of the builds of a version is. Default true.</summary>
    public bool IsCurrent { get; init; } = true;

    /// <summary>What slows it down until it has caught up; null for nothing. Share one among all that shall not hinder others together.</summary>
    public ProjectionPace? Pace { get; init; }

    /// <summary>What it reads in the place of a partition's feed; null for the feed itself.</summary>
    public Func<IEventFeed, IEventFeed>? Feed { get; init; }
}
