using Daybook.BookKeeper.Digests;

namespace Daybook.BookKeeper;

/// <summary>What a ledger is opened with, derived once from its password.</summary>
internal sealed class LedgerCredentials
{
    public LedgerCredentials(DigestType type, ReadOnlyMemory<byte> password)
    {
        (Type, Password) = (type, password.ToArray());
        Digest = EntryDigest.Of(type, password.Span);
        MasterKey = LedgerKeys.MasterKey(password.Span);
    }

    public DigestType Type { get; }

    public ReadOnlyMemory<byte> Password { get; }

    /// <summary>Seals and checks entries.</summary>
    public EntryDigest Digest { get; }

    /// <summary>What bookies ask of adds, explicit LACs and fencing reads.</summary>
    public ReadOnlyMemory<byte> MasterKey { get; }
}
