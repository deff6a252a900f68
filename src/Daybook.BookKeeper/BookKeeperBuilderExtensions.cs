using Daybook.BookKeeper.Store;
using Daybook.ZooKeeper;

namespace Daybook.BookKeeper;

/// <summary>Chooses BookKeeper and ZooKeeper for a book: replicated ledgers, and leases and records that outlive a machine.</summary>
public static class BookKeeperBuilderExtensions
{
    /// <summary>Keeps the book's ledgers on bookies, and its records and leases in the ZooKeeper of the same cluster.</summary>
    /// <param name="builder">The book.</param>
    /// <param name="zooKeeper"><c>host1:2181,host2:2181/chroot</c>.</param>
    /// <param name="ensemble">Over how many bookies the entries of a ledger are striped (E).</param>
    /// <param name="writeQuorum">To how many of them each entry is written (Qw).</param>
    /// <param name="ackQuorum">How many must have an entry before it is acknowledged (Qa).</param>
    /// <param name="root">The node of the book's records and leases in ZooKeeper, and the book's name in its ledgers' metadata; one for each book.</param>
    /// <exception cref="BookKeeperException"><see cref="BookKeeperError.IncorrectParameter"/>: the quorums make no sense.</exception>
    public static TBuilder UseBookKeeper<TBuilder>(
        this TBuilder builder, string zooKeeper, int ensemble = 3, int writeQuorum = 3, int ackQuorum = 2, string root = "/daybook")
        where TBuilder : IStorageBuilder
    {
        var store = new BookKeeperStoreOptions { Ensemble = ensemble, WriteQuorum = writeQuorum, AckQuorum = ackQuorum, Book = root };
        return builder.UseBookKeeper(new BookKeeperOptions(new ZooKeeperOptions(zooKeeper)), store, root);
    }

    /// <summary>Keeps the book's ledgers on bookies, and its records and leases in the ZooKeeper of the same cluster.</summary>
    /// <param name="builder">The book.</param>
    /// <param name="client">How to reach the cluster.</param>
    /// <param name="store">How ledgers are replicated and named.</param>
    /// <param name="root">The node of the book's records and leases in ZooKeeper; one for each book.</param>
    /// <exception cref="BookKeeperException"><see cref="BookKeeperError.IncorrectParameter"/>: an option makes no sense.</exception>
    public static TBuilder UseBookKeeper<TBuilder>(
        this TBuilder builder, BookKeeperOptions client, BookKeeperStoreOptions store, string root = "/daybook")
        where TBuilder : IStorageBuilder
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(store);
        store.Validate();
        builder.ChooseLedgers(async token => await BookKeeperLedgerStore.OpenAsync(client, store, token).ConfigureAwait(false));
        return builder.UseZooKeeper(client.ZooKeeper, root);
    }
}
