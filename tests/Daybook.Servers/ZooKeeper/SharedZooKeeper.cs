namespace Daybook.Servers.ZooKeeper;

/// <summary>A ZooKeeper server that several tests share, each below its own root.</summary>
public abstract class SharedZooKeeper()
    : SharedServer<ZooKeeperServer>(() => ZooKeeperServer.StartAsync(new ZooKeeperServerOptions { TickTime = TimeSpan.FromMilliseconds(100) }));
