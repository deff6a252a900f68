using Daybook.Embedded.Coordination;
using Daybook.Embedded.Files;
using Daybook.Embedded.Sqlite;
using Daybook.Embedded.Store;

namespace Daybook.Embedded;

/// <summary>Chooses one machine and no server: a folder holds the ledgers, the coordination records and the read models.</summary>
public static class EmbeddedBuilderExtensions
{
    /// <summary>Keeps everything in a folder. One process at a time; the folder is made if it does not exist.</summary>
    /// <param name="builder">The book.</param>
    /// <param name="folder">The folder; a relative one is taken from the directory that is current now.</param>
    /// <param name="options">How the ledger store behaves; null for the defaults.</param>
    public static DaybookBuilder UseEmbedded(this DaybookBuilder builder, string folder, EmbeddedLedgerStoreOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        folder = Path.GetFullPath(folder);
        var ledgers = new AwaitedFolder(Path.Combine(folder, "ledgers"));
        return builder
            .UseLedgers(async token => await ledgers.OpenAsync(path => EmbeddedLedgerStore.OpenAsync(path, options, cancellationToken: token)).ConfigureAwait(false))
            .UseCoordinator(async token => await LocalCoordinator.OpenAsync(Path.Combine(folder, "coordination"), cancellationToken: token).ConfigureAwait(false))
            .UseSqliteProjections(Path.Combine(folder, "read-models.db"));
    }

    /// <summary>Keeps read models in an SQLite file; the file is opened, and checked, with the book.</summary>
    /// <param name="builder">The book.</param>
    /// <param name="path">The file; it and its folder are made when they do not exist. A relative one is taken from the directory that is current now.</param>
    public static DaybookBuilder UseSqliteProjections(this DaybookBuilder builder, string path)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(path);
        var options = new SqliteProjectionOptions { Path = Path.GetFullPath(path) };
        return builder.UseProjectionSink(async token =>
        {
            var sink = new SqliteProjections(options);
            try
            {
                await sink.OpenAsync(token).ConfigureAwait(false);
            }
            catch (DaybookException away) when (away.IsTransient)
            {
                // The book does without its read models: its projections retry, visibly, until the file can be used.
            }
            return sink;
        });
    }
}
