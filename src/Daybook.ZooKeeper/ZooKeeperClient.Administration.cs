using Daybook.ZooKeeper.Sessions;
using Daybook.ZooKeeper.Wire;

namespace Daybook.ZooKeeper;

public sealed partial class ZooKeeperClient
{
    /// <summary>A node's access list.</summary>
    public Task<NodeAcl> GetAclAsync(string path, CancellationToken cancellationToken = default)
    {
        PathRules.Check(path);
        return SendAsync(
            () => new Request<NodeAcl>(
                OpCode.GetAcl, path, new JuteWriter().Text(Server(path)).Written, static (ref JuteReader r) => new NodeAcl(r.Acl(), r.Stat())),
            cancellationToken);
    }

    /// <summary>Sets a node's access list.</summary>
    /// <param name="path">The node.</param>
    /// <param name="acl">The permissions of each identity.</param>
    /// <param name="version">Only if the list has this version; −1 for any.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<NodeStat> SetAclAsync(
        string path, IReadOnlyList<ZooKeeperAcl> acl, int version = AnyVersion, CancellationToken cancellationToken = default)
    {
        PathRules.Check(path);
        ArgumentNullException.ThrowIfNull(acl);
        ZooKeeperAcl.Check(acl, path);
        return SendAsync(
            () => new Request<NodeStat>(
                OpCode.SetAcl, path, new JuteWriter().Text(Server(path)).Acl(acl).Int(version).Written, static (ref JuteReader r) => r.Stat()),
            cancellationToken);
    }

    /// <summary>
    /// Authenticates the session further, here and on every server it moves to. Credentials that the server refuses end the session
    /// (<see cref="ZooKeeperState.AuthFailed"/>); <c>digest</c> is never refused, a wrong password only opens nothing.
    /// </summary>
    public void AddCredentials(ZooKeeperCredentials credentials)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        ArgumentException.ThrowIfNullOrEmpty(credentials.Scheme);
        _session.Authenticate(credentials);
    }

    /// <summary>The identities that the server assigns to this session.</summary>
    public Task<IReadOnlyList<ZooKeeperIdentity>> WhoAmIAsync(CancellationToken cancellationToken = default) => SendAsync(
        () => new Request<IReadOnlyList<ZooKeeperIdentity>>(OpCode.WhoAmI, null, default, static (ref JuteReader r) => ReadIdentities(ref r)),
        cancellationToken);

    /// <summary>This session's ephemeral nodes below a path.</summary>
    public Task<IReadOnlyList<string>> EphemeralsAsync(string prefix = "/", CancellationToken cancellationToken = default)
    {
        PathRules.Check(prefix);
        return SendAsync(
            () => new Request<IReadOnlyList<string>>(
                OpCode.GetEphemerals, prefix, new JuteWriter().Text(Server(prefix)).Written,
                (ref JuteReader r) => Below(prefix, r.Texts())),
            cancellationToken);
    }

    /// <summary>How many nodes there are below a path, at all depths.</summary>
    public Task<int> AllChildrenNumberAsync(string path, CancellationToken cancellationToken = default)
    {
        PathRules.Check(path);
        return SendAsync(
            () => new Request<int>(
                OpCode.GetAllChildrenNumber, path, new JuteWriter().Text(Server(path)).Written, static (ref JuteReader r) => r.Int()),
            cancellationToken);
    }

    /// <summary>The server compares text: it also reports <c>/ab</c> when asked for <c>/a</c>.</summary>
    private string[] Below(string path, string[] found) =>
        [.. found.Select(_session.Servers.ToClient).OfType<string>().Where(
            node => path == "/" || node == path || node.StartsWith(path + "/", StringComparison.Ordinal))];

    private static ZooKeeperIdentity[] ReadIdentities(ref JuteReader reader)
    {
        var identities = new ZooKeeperIdentity[reader.Count(8)];
        for (var i = 0; i < identities.Length; i++)
            identities[i] = new ZooKeeperIdentity(reader.Text(), reader.Text());
        return identities;
    }
}
