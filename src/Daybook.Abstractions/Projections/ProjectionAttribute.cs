namespace Daybook.Projections;

/// <summary>Names a projection and its version. Changed code means a new version: it is then rebuilt from the first event.</summary>
/// <param name="name">Letters, digits and underscores, starting with a letter; at most 40 characters. Names its tables.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ProjectionAttribute(string name) : Attribute
{
    /// <summary>The name.</summary>
    public string Name { get; } = name;

    /// <summary>The version, from 1. Default 1.</summary>
    public int Version { get; init; } = 1;
}
