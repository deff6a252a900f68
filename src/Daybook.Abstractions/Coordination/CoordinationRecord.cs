namespace Daybook.Coordination;

/// <summary>A record as read or written.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Value">Its bytes; at most 64 KiB.</param>
/// <param name="Version">Changes with every write of the record; opaque but for equality.</param>
public sealed record CoordinationRecord(string Key, ReadOnlyMemory<byte> Value, long Version);
