using System.Buffers;

namespace Daybook;

/// <summary>What event bodies mean: one of the three seams that are never merged (bytes, framing, meaning).</summary>
/// <remarks>Implementations are called from many threads concurrently and keep no reference to a buffer after returning.</remarks>
public interface IEventSerializer
{
    /// <summary>Writes the body of <paramref name="value"/>.</summary>
    /// <exception cref="DaybookException">The value cannot be written (<see cref="ErrorCode.HandlerFailed"/>); what was written to the buffer is discarded.</exception>
    void Serialize(object value, IBufferWriter<byte> destination);

    /// <summary>Reads a body back.</summary>
    /// <exception cref="DaybookException">The bytes are not a value of that type (<see cref="ErrorCode.Corrupted"/>).</exception>
    object Deserialize(Type type, ReadOnlySpan<byte> data);
}
