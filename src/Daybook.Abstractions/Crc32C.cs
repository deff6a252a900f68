using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Daybook;

/// <summary>CRC-32C (Castagnoli, reflected polynomial 0x82F63B78, initial value and final XOR all ones), as iSCSI and RFC 3720 B.4 define it.
/// Uses the processor's instruction where there is one.</summary>
public static class Crc32C
{
    /// <summary>The checksum of some bytes; 0 for none.</summary>
    public static uint Compute(ReadOnlySpan<byte> data) => Append(0, data);

    /// <summary>The checksum of what <paramref name="crc"/> stands for followed by <paramref name="data"/>.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> data)
    {
        crc = ~crc;
        ref var at = ref MemoryMarshal.GetReference(data);
        var length = data.Length;
        var i = 0;
        for (; i <= length - 8; i += 8)
            crc = BitOperations.Crc32C(crc, Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref at, i)));
        for (; i < length; i++)
            crc = BitOperations.Crc32C(crc, Unsafe.Add(ref at, i));
        return ~crc;
    }
}
