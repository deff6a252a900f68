using Daybook.Servers.ZooKeeper;

namespace Daybook.BookKeeper.Tests.Metadata.Real;

/// <summary>One server for all tests that leave it running. Each uses its own root.</summary>
public sealed class RealZooKeeper : SharedZooKeeper, IAsyncLifetime;

[CollectionDefinition(Name)]
public sealed class RealZooKeeperCollection : ICollectionFixture<RealZooKeeper>
{
    public const string Name = "a real ZooKeeper";
}
