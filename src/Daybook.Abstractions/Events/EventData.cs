namespace Daybook;

/// <summary>An event as bytes, for programs that use the event store alone.</summary>
/// <param name="Type">The stored type name; 1 to 200 characters.</param>
/// <param name="Data">The body. Daybook copies it before the append call returns its task.</param>
public readonly record struct EventData(string Type, ReadOnlyMemory<byte> Data);
