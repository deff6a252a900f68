using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Daybook.BookKeeper.Digests;

/// <summary>The checksum over an entry's header and payload. Safe for many threads.</summary>
internal abstract class EntryDigest
{
    /// <summary>The longest digest of all types, in bytes.</summary>
    public const int MaxSize = 20;

    /// <summary>The length of this digest in bytes.</summary>
    public abstract int Size { get; }

    /// <summary>Writes the digest of header and payload; <paramref name="destination"/> has <see cref="Size"/> bytes.</summary>
    public abstract void Compute(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, Span<byte> destination);

    /// <summary>True when <paramref name="digest"/> is that of header and payload.</summary>
    public bool Matches(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> digest)
    {
        Span<byte> expected = stackalloc byte[MaxSize];
        expected = expected[..Size];
        Compute(header, payload, expected);
        return CryptographicOperations.FixedTimeEquals(expected, digest);
    }

    /// <summary>The digest of a ledger.</summary>
    public static EntryDigest Of(DigestType type, ReadOnlySpan<byte> password) => type switch
    {
        DigestType.Crc32 => Crc32Digest.Instance,
        DigestType.Hmac => new HmacDigest(LedgerKeys.MacKey(password)),
        DigestType.Crc32C => Crc32CDigest.Instance,
        DigestType.Dummy => NoDigest.Instance,
        _ => throw new BookKeeperException(BookKeeperError.IncorrectParameter, $"{(int)type} is no digest type"),
    };

    private sealed class Crc32Digest : EntryDigest
    {
        public static readonly Crc32Digest Instance = new();

        public override int Size => 8;

        public override void Compute(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, Span<byte> destination) =>
            BinaryPrimitives.WriteUInt64BigEndian(destination, Crc32.Append(Crc32.Append(0, header), payload));
    }

    private sealed class Crc32CDigest : EntryDigest
    {
        public static readonly Crc32CDigest Instance = new();

        public override int Size => 4;

        public override void Compute(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, Span<byte> destination) =>
            BinaryPrimitives.WriteUInt32BigEndian(destination, Crc32C.Append(Crc32C.Compute(header), payload));
    }

    private sealed class HmacDigest(byte[] key) : EntryDigest
    {
        public override int Size => 20;

        public override void Compute(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, Span<byte> destination)
        {
            using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA1, key);
            hash.AppendData(header);
            hash.AppendData(payload);
            hash.GetHashAndReset(destination);
        }
    }

    private sealed class NoDigest : EntryDigest
    {
        public static readonly NoDigest Instance = new();

        public override int Size => 0;

        public override void Compute(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, Span<byte> destination)
        {
        }
    }
}
