namespace Daybook;

/// <summary>The stable name under which an event type is stored. Renaming the class never changes it.</summary>
/// <param name="name">Unique in the book, for example <c>bank.deposited.v1</c>; at most 200 characters.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, Inherited = false)]
public sealed class EventTypeAttribute(string name) : Attribute
{
    /// <summary>The stored name.</summary>
    public string Name { get; } = name;

    /// <summary>
    /// False for events that are only recorded: no state needs a method for them. Default true: a book refuses to open when no state takes
    /// the event, and a command that emits it to a state without a method for it fails.
    /// </summary>
    public bool ChangesState { get; init; } = true;
}
