using System.Numerics;
using System.Text;

namespace Daybook.Core.Hashing;

/// <summary>The hashes of single values: equal values have one.</summary>
internal static class LeafHashes
{
    private static readonly Dictionary<Type, Delegate> s_leaves = new Delegate[]
    {
        Leaf<string>(HashMix.Text), Leaf<Uri>(value => HashMix.Text(value.OriginalString)), Leaf<Version>(value => HashMix.Text(value.ToString())),
        Leaf<bool>(value => value ? 1UL : 0), Leaf<char>(value => value), Leaf<Rune>(value => (ulong)value.Value),
        Leaf<sbyte>(value => (ulong)value), Leaf<byte>(value => value), Leaf<short>(value => (ulong)value), Leaf<ushort>(value => value),
        Leaf<int>(value => (ulong)value), Leaf<uint>(value => value), Leaf<long>(value => (ulong)value), Leaf<ulong>(value => value),
        Leaf<nint>(value => (ulong)value), Leaf<nuint>(value => value),
        Leaf<Int128>(value => HashMix.Chain((ulong)value, (ulong)(value >> 64))), Leaf<UInt128>(value => HashMix.Chain((ulong)value, (ulong)(value >> 64))),
        Leaf<BigInteger>(value => HashMix.Bytes(value.ToByteArray())),
        Leaf<double>(Of), Leaf<float>(value => Of(value)), Leaf<Half>(value => Of((double)value)), Leaf<decimal>(Of),
        Leaf<Guid>(Of), Leaf<DateOnly>(value => (ulong)value.DayNumber), Leaf<TimeOnly>(value => (ulong)value.Ticks), Leaf<TimeSpan>(value => (ulong)value.Ticks),
        Leaf<DateTime>(value => (ulong)(value.Kind == DateTimeKind.Local ? value.ToUniversalTime() : value).Ticks),
        Leaf<DateTimeOffset>(value => (ulong)value.UtcTicks),
        Leaf<byte[]>(value => HashMix.Bytes(value)), Leaf<ReadOnlyMemory<byte>>(value => HashMix.Bytes(value.Span)), Leaf<Memory<byte>>(value => HashMix.Bytes(value.Span)),
    }.ToDictionary(leaf => leaf.GetType().GenericTypeArguments[0]);

    /// <summary>The hash of a type's values; null when it is none of these.</summary>
    public static Func<T, ulong>? For<T>() => (Func<T, ulong>?)s_leaves.GetValueOrDefault(typeof(T));

    private static Func<T, ulong> Leaf<T>(Func<T, ulong> hash) => value => value is null ? 0 : HashMix.Mix(hash(value));

    private static ulong Of(double value) => value == 0 ? 0 : (ulong)BitConverter.DoubleToInt64Bits(value);

    private static ulong Of(Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes);
        return value == Guid.Empty ? 0 : HashMix.Bytes(bytes);
    }

    private static ulong Of(decimal value)
    {
        if (value == 0)
            return 0;
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value, parts);
        while ((parts[3] & 0x00FF0000) != 0 && Unscaled(parts) % 10 == 0)
            decimal.GetBits(decimal.Round(value, ((parts[3] >> 16) & 0xFF) - 1), parts);
        return HashMix.Chain(HashMix.Chain((uint)parts[0], (uint)parts[1]), ((ulong)(uint)parts[2] << 32) | (uint)parts[3]);
    }

    /// <summary>The digits of a decimal as a whole number.</summary>
    private static decimal Unscaled(ReadOnlySpan<int> parts) => new(parts[0], parts[1], parts[2], false, 0);
}
