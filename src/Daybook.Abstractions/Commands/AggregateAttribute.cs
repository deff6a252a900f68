namespace Daybook;

/// <summary>Names the category of an aggregate's streams. Without it the category is the type name in kebab case.</summary>
/// <param name="category">For example <c>account</c>; streams are then <c>account/KEY</c>.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, Inherited = false)]
public sealed class AggregateAttribute(string category) : Attribute
{
    /// <summary>The first part of the stream names.</summary>
    public string Category { get; } = category;
}
