using System.Buffers.Binary;

namespace Daybook.BookKeeper.Wire.V2;

/// <summary>What a v2 packet asks or answers.</summary>
internal enum V2Operation : byte
{
    Add = 1,
    Read = 2,
    Auth = 3,
    BatchRead = 7,
}

/// <summary>The bits of a v2 request.</summary>
[Flags]
internal enum V2Flags : ushort
{
    None = 0,
    Fence = 1,
    Recovery = 2,
    HighPriority = 4,
}

/// <summary>The four bytes before every v2 packet: version, operation, flags.</summary>
internal readonly record struct V2Header(V2Operation Operation, V2Flags Flags)
{
    public const int Size = 4;
    private const byte Version = 2;

    public void Write(Span<byte> destination)
    {
        destination[0] = Version;
        destination[1] = (byte)Operation;
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)Flags);
    }

    /// <exception cref="MalformedFrameException">Another version, or an operation that v2 does not have.</exception>
    public static V2Header Read(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < Size || packet[0] != Version)
            throw new MalformedFrameException(packet.Length < Size ? $"A packet has {packet.Length} bytes." : $"A packet is of version {packet[0]}.");
        var operation = (V2Operation)packet[1];
        return operation is V2Operation.Add or V2Operation.Read or V2Operation.Auth or V2Operation.BatchRead
            ? new V2Header(operation, (V2Flags)BinaryPrimitives.ReadUInt16BigEndian(packet[2..]))
            : throw new MalformedFrameException($"A packet has the operation {packet[1]}.");
    }
}
