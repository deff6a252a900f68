using Daybook.Servers.BookKeeper;

namespace Daybook.Cluster.Tests.Support;

/// <summary>Three bookies for all tests that leave them running; started on first use, so that a machine without ZooKeeper skips the
/// tests.</summary>
public sealed class ThreeBookies() : SharedServer<BookieCluster>(() => BookieCluster.StartAsync(3)), IAsyncLifetime;

[CollectionDefinition(Name)]
public sealed class ThreeBookiesCollection : ICollectionFixture<ThreeBookies>
{
    public const string Name = "three bookies";
}
