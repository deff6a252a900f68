namespace Daybook;

/// <summary>
/// Names the property of the command that holds the key of this aggregate. Without it, the property with the name of the parameter does
/// (ignoring case).
/// </summary>
/// <param name="property">The name of a property of the command.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class KeyedByAttribute(string property) : Attribute
{
    /// <summary>The name of the property.</summary>
    public string Property { get; } = property;
}
