using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Daybook.BookKeeper.Digests;

/// <summary>The keys that follow from a ledger's password. SHA-1 is what the protocol prescribes.</summary>
internal static class LedgerKeys
{
    /// <summary>The length of a key in bytes.</summary>
    public const int Size = 20;

    /// <summary>What a bookie asks of adds, explicit LACs and fencing reads: SHA-1 of "ledger" and the password.</summary>
    public static byte[] MasterKey(ReadOnlySpan<byte> password) => Derive("ledger", password);

    /// <summary>What <see cref="DigestType.Hmac"/> digests are keyed with: SHA-1 of "mac" and the password.</summary>
    public static byte[] MacKey(ReadOnlySpan<byte> password) => Derive("mac", password);

    [SuppressMessage("Security", "CA5350", Justification = "The protocol prescribes SHA-1; another hash would be another key.")]
    private static byte[] Derive(string purpose, ReadOnlySpan<byte> password) => SHA1.HashData([.. Encoding.UTF8.GetBytes(purpose), .. password]);
}
