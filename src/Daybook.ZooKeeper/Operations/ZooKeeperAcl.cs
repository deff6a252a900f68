namespace Daybook.ZooKeeper;

/// <summary>What an access entry allows.</summary>
[Flags]
public enum ZooKeeperPermissions
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Read data and children.</summary>
    Read = 1,

    /// <summary>Set data.</summary>
    Write = 2,

    /// <summary>Create children.</summary>
    Create = 4,

    /// <summary>Delete children.</summary>
    Delete = 8,

    /// <summary>Set the access list.</summary>
    Admin = 16,

    /// <summary>Everything.</summary>
    All = 31,
}

/// <summary>One entry of an access list.</summary>
/// <param name="Permissions">What is allowed.</param>
/// <param name="Scheme"><c>world</c>, <c>auth</c>, <c>digest</c>, <c>ip</c>, <c>x509</c> or <c>sasl</c>.</param>
/// <param name="Id">The identity, in the form of the scheme.</param>
public sealed record ZooKeeperAcl(ZooKeeperPermissions Permissions, string Scheme, string Id)
{
    /// <summary>Everybody may do everything: the default of new nodes.</summary>
    public static IReadOnlyList<ZooKeeperAcl> Open { get; } = [new(ZooKeeperPermissions.All, "world", "anyone")];

    /// <summary>Everybody may read.</summary>
    public static IReadOnlyList<ZooKeeperAcl> ReadOnly { get; } = [new(ZooKeeperPermissions.Read, "world", "anyone")];

    /// <summary>All permissions for the identities that this session has authenticated, and none for others.</summary>
    public static IReadOnlyList<ZooKeeperAcl> Creator { get; } = [new(ZooKeeperPermissions.All, "auth", "")];

    /// <exception cref="ZooKeeperException"><see cref="ZooKeeperError.BadArguments"/>: an entry, or a part of one, is missing.</exception>
    internal static void Check(IReadOnlyList<ZooKeeperAcl> entries, string path)
    {
        if (entries.Any(entry => entry is null or { Scheme: null } or { Id: null }))
            throw ZooKeeperException.BadArgument($"The access list of '{path}' has an entry that is null, or whose scheme or identity is.", path);
    }
}
