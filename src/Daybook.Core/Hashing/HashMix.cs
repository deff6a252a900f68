using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Daybook.Core.Hashing;

/// <summary>A 64-bit hash that is stored: the same bytes give the same number for ever. 0 stands for nothing, so empty text and no text are alike.</summary>
internal static class HashMix
{
    private const ulong First = 0x9E3779B97F4A7C15;
    private const ulong Second = 0xD6E8FEB86659FD93;
    private const int Lanes = 4;

    /// <summary>Spreads a number over all bits; 0 stays 0.</summary>
    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 32)) * First;
        value = (value ^ (value >> 29)) * Second;
        return value ^ (value >> 32);
    }

    /// <summary>A hash that depends on the order of what is chained.</summary>
    public static ulong Chain(ulong hash, ulong next) => ((hash ^ Mix(next)) * First) + Second;

    public static ulong Text(string? text) => string.IsNullOrEmpty(text) ? 0 : Bytes(MemoryMarshal.AsBytes(text.AsSpan()));

    public static ulong Bytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return 0;
        var hash = (ulong)bytes.Length * Second;
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        if (words.Length >= Lanes)
            hash = InLanes(hash, ref words);
        foreach (var word in words)
            hash = Round(hash, word);
        bytes = bytes[(bytes.Length & ~7)..];
        ulong rest = 0;
        for (var i = bytes.Length - 1; i >= 0; i--)
            rest = (rest << 8) | bytes[i];
        return Mix(hash ^ Mix(rest));
    }

    /// <summary>Four words at a time, none of which waits for another.</summary>
    private static ulong InLanes(ulong hash, ref ReadOnlySpan<ulong> words)
    {
        var (a, b, c, d) = (hash, hash + First, hash + Second, hash ^ First);
        for (; words.Length >= Lanes; words = words[Lanes..])
        {
            a = Round(a, words[0]);
            b = Round(b, words[1]);
            c = Round(c, words[2]);
            d = Round(d, words[3]);
        }
        return Chain(Chain(Chain(a, b), c), d);
    }

    private static ulong Round(ulong hash, ulong word)
    {
        hash = (hash ^ (BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word))) * First;
        return hash ^ (hash >> 32);
    }
}
