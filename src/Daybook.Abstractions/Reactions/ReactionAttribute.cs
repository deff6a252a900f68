namespace Daybook.Reactions;

/// <summary>Names a reaction and defines where it starts while it has no progress.</summary>
/// <param name="name">
/// Letters, digits and underscores, starting with a letter; at most 40 characters. Its progress and its idempotency ids hang on it: a reaction of another name is
/// a new one. Beside projections it is called <c>reaction:NAME</c>.
/// </param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ReactionAttribute(string name) : Attribute
{
    /// <summary>The name.</summary>
    public string Name { get; } = name;

    /// <summary>Where it starts on a partition that it has no progress on. Default: <see cref="ReactionStart.Now"/>.</summary>
    public ReactionStart Start { get; init; } = ReactionStart.Now;
}

/// <summary>Where a new reaction starts.</summary>
public enum ReactionStart
{
    /// <summary>After what was there when the partition's owner took it over; so a new book misses nothing, and an old one's history has no effects.</summary>
    Now,

    /// <summary>At the first event of the book. It parks when that was truncated (<see cref="ErrorCode.Truncated"/>).</summary>
    Beginning,
}
