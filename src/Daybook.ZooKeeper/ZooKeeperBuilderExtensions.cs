using Daybook.ZooKeeper.Coordination;

namespace Daybook.ZooKeeper;

/// <summary>Chooses ZooKeeper to coordinate a book.</summary>
public static class ZooKeeperBuilderExtensions
{
    /// <summary>Keeps the book's records and leases in ZooKeeper.</summary>
    /// <param name="builder">The book.</param>
    /// <param name="connectString"><c>host1:2181,host2:2181/chroot</c>.</param>
    /// <param name="root">The node that everything lies below; one for each book.</param>
    public static TBuilder UseZooKeeper<TBuilder>(this TBuilder builder, string connectString, string root = "/daybook")
        where TBuilder : IStorageBuilder => builder.UseZooKeeper(new ZooKeeperOptions(connectString), root);

    /// <summary>Keeps the book's records and leases in ZooKeeper.</summary>
    /// <param name="builder">The book.</param>
    /// <param name="options">How to reach ZooKeeper, and how long a lease outlives its holder.</param>
    /// <param name="root">The node that everything lies below; one for each book.</param>
    public static TBuilder UseZooKeeper<TBuilder>(this TBuilder builder, ZooKeeperOptions options, string root = "/daybook")
        where TBuilder : IStorageBuilder
    {
        ArgumentNullException.ThrowIfNull(options);
        builder.ChooseCoordinator(async token => await ZooKeeperCoordinator.OpenAsync(options, root, token).ConfigureAwait(false));
        return builder;
    }
}
