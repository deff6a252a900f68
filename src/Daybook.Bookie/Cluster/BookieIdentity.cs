using System.Text;
using Daybook.BookKeeper;
using Daybook.BookKeeper.Metadata;
using Daybook.ZooKeeper;

namespace Daybook.Bookie.Cluster;

/// <summary>
/// Prevents a bookie from serving with another bookie's data: its identity is stored in ZooKeeper and in its folder, and both must agree
/// (S5). A bookie that lost its data would deny entries that it acknowledged.
/// </summary>
internal sealed class BookieIdentity(string folder, BookieId bookie)
{
    private string CookieFile => Path.Combine(folder, "COOKIE");

    private string LimboFile => Path.Combine(folder, "LIMBO");

    /// <summary>Whether its data were lost and its ledgers have not been declared complete again.</summary>
    public bool IsInLimbo => File.Exists(LimboFile);

    /// <summary>Compares the cookies, and creates those of a new bookie.</summary>
    /// <param name="client">A session.</param>
    /// <param name="paths">The paths of the cookies.</param>
    /// <param name="instanceId">The cluster.</param>
    /// <param name="replaceLostData">Whether to start with an empty folder although the bookie once had data.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="StartException">The cookies do not agree.</exception>
    public async Task CheckAsync(
        ZooKeeperClient client, LedgerPaths paths, string? instanceId, bool replaceLostData, CancellationToken cancellationToken)
    {
        var mine = new BookieCookie(bookie.Value, folder, "1\t" + folder, instanceId);
        var node = paths.Cookies + "/" + bookie;
        var registered = await ClusterNodes.TryGetAsync(client, node, cancellationToken).ConfigureAwait(false);
        if (registered is not null)
            Compare(BookieCookie.Decode(bookie, registered), mine, $"the cookie in ZooKeeper at {node}");
        if (File.Exists(CookieFile))
            Compare(BookieCookie.Decode(bookie, File.ReadAllBytes(CookieFile)), mine, $"the file {CookieFile}");
        else
            Establish(mine, registered is not null, replaceLostData, node);
        if (registered is null)
            await ClusterNodes.EnsureAsync(client, node, mine.Encode(), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The ledgers of this bookie are complete again.</summary>
    public void ClearLimbo() => File.Delete(LimboFile);

    private void Establish(BookieCookie mine, bool isKnown, bool replaceLostData, string node)
    {
        if (isKnown && !replaceLostData)
            throw new StartException(
                $"bookie {bookie} has served before (ZooKeeper has its cookie at {node}), but the folder {folder} is not the one it used: its data are missing. " +
                "Name the right folder with --data. If the data are lost, start with --replace-lost-data: the bookie then answers reads of missing entries with an " +
                "error instead of \"no such entry\", until its ledgers are replicated again and it is started with --clear-limbo");
        if (isKnown)
            WriteDurably(LimboFile, Encoding.UTF8.GetBytes("data lost\n"));
        WriteDurably(CookieFile, mine.Encode());
    }

    private static void Compare(BookieCookie found, BookieCookie mine, string where)
    {
        if (found.InstanceId != mine.InstanceId)
            throw new StartException(
                $"{where} belongs to cluster {found.InstanceId ?? "without id"}, but ZooKeeper to {mine.InstanceId ?? "a cluster without id"}. " +
                "The data belong to another cluster, or the cluster was formatted again; use another folder or the right ZooKeeper");
        if (found.Host != mine.Host)
            throw new StartException($"{where} belongs to bookie {found.Host}, but this one is {mine.Host}; give each bookie its own folder, and do not change its host and port");
    }

    private static void WriteDurably(string path, byte[] data)
    {
        using (var file = new FileStream(path + ".new", FileMode.Create, FileAccess.Write))
        {
            file.Write(data);
            file.Flush(flushToDisk: true);
        }
        File.Move(path + ".new", path, overwrite: true);
        new Daybook.Embedded.Files.PhysicalFileSystem().SyncDirectory(Path.GetDirectoryName(path)!);
    }
}
