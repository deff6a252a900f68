namespace Daybook.ZooKeeper.Coordination;

/// <summary>
/// A value as it lies in a node: a format byte (1), a token of the write that put it there, the value. The token distinguishes a write whose answer
/// was lost from another's (invariant C2).
/// </summary>
internal readonly record struct StoredRecord(Guid Token, ReadOnlyMemory<byte> Value)
{
    private const byte Format = 1;
    private const int HeaderBytes = 17;

    public byte[] Written
    {
        get
        {
            var bytes = new byte[HeaderBytes + Value.Length];
            bytes[0] = Format;
            Token.TryWriteBytes(bytes.AsSpan(1));
            Value.CopyTo(bytes.AsMemory(HeaderBytes));
            return bytes;
        }
    }

    /// <exception cref="DaybookException"><see cref="ErrorCode.Corrupted"/> or <see cref="ErrorCode.NewerFormat"/>, naming the record.</exception>
    public static StoredRecord Read(string key, byte[] data)
    {
        if (data.Length < HeaderBytes)
            throw new DaybookException(ErrorCode.Corrupted, $"The node of record '{key}' has {data.Length} bytes, which is no record.");
        if (data[0] != Format)
            throw new DaybookException(ErrorCode.NewerFormat, $"The record '{key}' was written in format {data[0]}; this version knows {Format}.");
        return new StoredRecord(new Guid(data.AsSpan(1, HeaderBytes - 1)), data.AsMemory(HeaderBytes));
    }
}
