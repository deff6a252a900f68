namespace Daybook.Core.Serialization;

/// <summary>An event type as the codec knows it.</summary>
/// <param name="Name">The stored name.</param>
/// <param name="Type">The type.</param>
/// <param name="IsIdentity">True when a value that was stored and read back is proved to equal the value that was emitted, for ever.</param>
/// <param name="ChangesState">True when the state that it is emitted to must have a method for it.</param>
internal sealed record EventType(string Name, Type Type, bool IsIdentity, bool ChangesState);

/// <summary>An event that a handler emitted.</summary>
/// <param name="Written">What is written: the event itself, or its stored form.</param>
/// <param name="Read">What a restart will read and fold, upcasts applied.</param>
/// <param name="ChangesState">True when the state that it is emitted to must have a method for it.</param>
internal readonly record struct EmittedEvent(object Written, object Read, bool ChangesState);
