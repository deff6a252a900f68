using System.Reflection;
using Daybook.Reactions;

namespace Daybook.Projections;

/// <summary>A version of a projection. Each version has documents and checkpoints of its own.</summary>
/// <param name="Name">See <see cref="ProjectionAttribute.Name"/>.</param>
/// <param name="Version">See <see cref="ProjectionAttribute.Version"/>.</param>
public readonly record struct ProjectionId(string Name, int Version)
{
    /// <summary>The greatest length of a projection's name.</summary>
    public const int MaxNameLength = 40;

    /// <summary>The greatest length of the key of a projection's document, in UTF-16 characters.</summary>
    public const int MaxKeyLength = 400;

    /// <summary>Reads the attribute of a projection class.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.InvalidArgument"/>: it has none, or the name or version is not allowed.</exception>
    public static ProjectionId Of(Type projection)
    {
        var attribute = projection.GetCustomAttribute<ProjectionAttribute>() ?? throw Invalid(projection, "needs a [Projection(\"name\")] attribute");
        RequireName(projection, attribute.Name);
        return attribute.Version >= 1
            ? new ProjectionId(attribute.Name, attribute.Version)
            : throw Invalid(projection, $"has version {attribute.Version}; the first is 1");
    }

    /// <summary>What the names of reactions begin with, where they stand beside those of projections: in status, logs, health and tables.</summary>
    public const string ReactionPrefix = "reaction:";

    /// <summary>
    /// Reads the attribute of a reaction class; the name begins with <see cref="ReactionPrefix"/>. A reaction has one version: it is never run again for what it
    /// has reacted to.
    /// </summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.InvalidArgument"/>: it has none, or the name is not allowed.</exception>
    public static ProjectionId OfReaction(Type reaction)
    {
        var attribute = reaction.GetCustomAttribute<ReactionAttribute>() ?? throw Invalid(reaction, "needs a [Reaction(\"name\")] attribute");
        RequireName(reaction, attribute.Name);
        return new ProjectionId(ReactionPrefix + attribute.Name, 1);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} v{Version}";

    /// <summary>What it is called in messages and logs: <c>Projection balances v1</c>, <c>Reaction 'payments'</c>.</summary>
    public string Label => LabelOf(Name, $"Projection {this}");

    /// <summary>The label of a reaction; otherwise that of the projection.</summary>
    internal static string LabelOf(string name, string projection) =>
        name?.StartsWith(ReactionPrefix, StringComparison.Ordinal) is true ? $"Reaction '{name[ReactionPrefix.Length..]}'" : projection;

    private static void RequireName(Type type, string name)
    {
        if (!IsName(name))
            throw Invalid(type, $"has the name '{name}'; letters a-z, digits and underscores are allowed, starting with a letter, at most {MaxNameLength}");
    }

    private static bool IsName(string? name) =>
        name is { Length: > 0 and <= MaxNameLength } && char.IsAsciiLetter(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    private static DaybookException Invalid(Type projection, string what) =>
        new(ErrorCode.InvalidArgument, $"The class {projection.Name} {what}.");
}
