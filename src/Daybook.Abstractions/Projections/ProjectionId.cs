using System.Reflection;

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
        if (!IsName(attribute.Name))
            throw Invalid(projection, $"has the name '{attribute.Name}'; letters a-z, digits and underscores are allowed, starting with a " +
                $"letter, at most {MaxNameLength}");
        return attribute.Version >= 1
            ? new ProjectionId(attribute.Name, attribute.Version)
            : throw Invalid(projection, $"has version {attribute.Version}; the first is 1");
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} v{Version}";

    private static bool IsName(string name) =>
        name.Length is > 0 and <= MaxNameLength && char.IsAsciiLetter(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    private static DaybookException Invalid(Type projection, string what) =>
        new(ErrorCode.InvalidArgument, $"The projection {projection.Name} {what}.");
}
