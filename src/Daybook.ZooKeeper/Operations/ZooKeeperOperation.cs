using Daybook.ZooKeeper.Connecting;
using Daybook.ZooKeeper.Wire;

namespace Daybook.ZooKeeper;

/// <summary>One part of a multi.</summary>
/// <param name="Path">The node.</param>
public abstract record ZooKeeperOperation(string Path)
{
    internal abstract OpCode Code { get; }

    internal virtual string ServerPath(ConnectString servers) => servers.ToServer(Path);

    internal virtual void Check() => PathRules.Check(Path);

    internal abstract void WriteTo(JuteWriter body, string serverPath);

    internal JuteWriter Body(string serverPath)
    {
        var body = new JuteWriter();
        WriteTo(body, serverPath);
        return body;
    }

    /// <summary>Creates a node.</summary>
    /// <param name="Path">Its path.</param>
    /// <param name="Data">Its data.</param>
    /// <param name="Mode">How long it lives and whether it is numbered.</param>
    /// <param name="Acl">The permissions of each identity; null for all permissions for everyone.</param>
    /// <param name="TimeToLive">For the modes with a time to live.</param>
    public sealed record Create(
        string Path, ReadOnlyMemory<byte> Data = default, CreateMode Mode = CreateMode.Persistent, IReadOnlyList<ZooKeeperAcl>? Acl = null,
        TimeSpan? TimeToLive = null) : ZooKeeperOperation(Path)
    {
        private bool HasTtl => Mode is CreateMode.PersistentWithTtl or CreateMode.PersistentSequentialWithTtl;

        private bool IsSequential => Mode is CreateMode.PersistentSequential or CreateMode.EphemeralSequential
            or CreateMode.PersistentSequentialWithTtl;

        // The number belongs below the chroot, not to its name.
        internal override string ServerPath(ConnectString servers) =>
            IsSequential && Path == "/" ? servers.Chroot + "/" : base.ServerPath(servers);

        internal override OpCode Code => HasTtl ? OpCode.CreateTtl : Mode == CreateMode.Container ? OpCode.CreateContainer : OpCode.Create2;

        internal override void Check()
        {
            PathRules.Check(Path, IsSequential);
            if (!Enum.IsDefined(Mode))
                throw ZooKeeperException.BadArgument($"{(int)Mode} is no mode to create '{Path}' in.", Path);
            if (HasTtl != TimeToLive is not null)
                throw ZooKeeperException.BadArgument($"A time to live goes with the modes that have one, and only with them; '{Path}' is {Mode}.", Path);
            if (TimeToLive <= TimeSpan.Zero)
                throw ZooKeeperException.BadArgument($"The time to live of '{Path}' is {TimeToLive}; it must be positive.", Path);
            ZooKeeperAcl.Check(Acl ?? ZooKeeperAcl.Open, Path);
        }

        internal override void WriteTo(JuteWriter body, string serverPath)
        {
            body.Text(serverPath).Buffer(Data.Span).Acl(Acl ?? ZooKeeperAcl.Open).Int((int)Mode);
            if (TimeToLive is { } ttl)
                body.Long((long)ttl.TotalMilliseconds);
        }
    }

    /// <summary>Deletes a node.</summary>
    /// <param name="Path">The node.</param>
    /// <param name="Version">Only if its data have this version; −1 for any.</param>
    public sealed record Delete(string Path, int Version = -1) : ZooKeeperOperation(Path)
    {
        internal override OpCode Code => OpCode.Delete;

        internal override void WriteTo(JuteWriter body, string serverPath) => body.Text(serverPath).Int(Version);
    }

    /// <summary>Sets a node's data.</summary>
    /// <param name="Path">The node.</param>
    /// <param name="Data">The data.</param>
    /// <param name="Version">Only if the data have this version; −1 for any.</param>
    public sealed record Set(string Path, ReadOnlyMemory<byte> Data, int Version = -1) : ZooKeeperOperation(Path)
    {
        internal override OpCode Code => OpCode.SetData;

        internal override void WriteTo(JuteWriter body, string serverPath) => body.Text(serverPath).Buffer(Data.Span).Int(Version);
    }

    /// <summary>Goes on only if a node exists and its data have a version.</summary>
    /// <param name="Path">The node.</param>
    /// <param name="Version">The version; −1 for any, so that it only has to exist.</param>
    public sealed record Require(string Path, int Version = -1) : ZooKeeperOperation(Path)
    {
        internal override OpCode Code => OpCode.Check;

        internal override void WriteTo(JuteWriter body, string serverPath) => body.Text(serverPath).Int(Version);
    }

    /// <summary>Reads a node's data.</summary>
    /// <param name="Path">The node.</param>
    public sealed record GetData(string Path) : ZooKeeperOperation(Path)
    {
        internal override OpCode Code => OpCode.GetData;

        internal override void WriteTo(JuteWriter body, string serverPath) => body.Text(serverPath).Bool(false);
    }

    /// <summary>Reads the names of a node's children.</summary>
    /// <param name="Path">The node.</param>
    public sealed record GetChildren(string Path) : ZooKeeperOperation(Path)
    {
        internal override OpCode Code => OpCode.GetChildren;

        internal override void WriteTo(JuteWriter body, string serverPath) => body.Text(serverPath).Bool(false);
    }
}
