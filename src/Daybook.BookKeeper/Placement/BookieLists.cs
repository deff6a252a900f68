using System.Collections.Immutable;
using Daybook.BookKeeper.Metadata;
using Daybook.ZooKeeper;
using Daybook.ZooKeeper.Recipes;
using Microsoft.Extensions.Logging;

namespace Daybook.BookKeeper.Placement;

/// <summary>The bookies that a snapshot of the nodes names. Immutable but for the news that others follow.</summary>
internal sealed class BookieLists
{
    private readonly ImmutableDictionary<string, Decoded> _decoded;
    private readonly ImmutableDictionary<BookieId, (string Host, int Port)> _addresses;

    private BookieLists(
        ImmutableDictionary<string, Decoded> decoded, ImmutableDictionary<BookieId, (string Host, int Port)> addresses, LedgerPaths paths)
    {
        _decoded = decoded;
        Writable = Under(paths.Available);
        // For a moment a bookie that turns is in both.
        ReadOnly = [.. Under(paths.ReadOnly).Where(bookie => Writable.All(other => other.Bookie != bookie.Bookie))];
        _addresses = addresses.SetItems(Writable.Concat(ReadOnly).Select(bookie => KeyValuePair.Create(bookie.Bookie, (bookie.Host, bookie.Port))));
    }

    /// <summary>Before anything is known.</summary>
    public static BookieLists Empty(LedgerPaths paths) => new(
        ImmutableDictionary<string, Decoded>.Empty.WithComparers(StringComparer.Ordinal), ImmutableDictionary<BookieId, (string, int)>.Empty, paths);

    public IReadOnlyList<BookieRegistration> Writable { get; }

    public IReadOnlyList<BookieRegistration> ReadOnly { get; }

    /// <summary>Set when others are known.</summary>
    public TaskCompletionSource Followed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The address that a bookie has, or had when it was last registered.</summary>
    public (string Host, int Port)? LastAddressOf(BookieId bookie) => _addresses.TryGetValue(bookie, out var address) ? address : null;

    /// <summary>The lists by a later snapshot; these if they are the same.</summary>
    public BookieLists Next(SubtreeSnapshot snapshot, LedgerPaths paths, ILogger log)
    {
        var decoded = ImmutableDictionary.CreateBuilder<string, Decoded>(StringComparer.Ordinal);
        foreach (var (path, node) in snapshot.Nodes)
        {
            if (path == paths.Available || path == paths.ReadOnly)
                continue;
            var known = _decoded.GetValueOrDefault(path);
            known = known is not null && known.IsOf(node) ? known : Decode(path, node, log);
            decoded[path] = known;
        }
        var isSame = decoded.Count == _decoded.Count && decoded.All(pair => _decoded.TryGetValue(pair.Key, out var known) && known == pair.Value);
        return isSame ? this : new BookieLists(decoded.ToImmutable(), _addresses, paths);
    }

    private BookieRegistration[] Under(string parent) =>
    [
        .. _decoded.Where(pair => RecipeCalls.Parent(pair.Key) == parent).OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => pair.Value.Registration).OfType<BookieRegistration>(),
    ];

    private static Decoded Decode(string path, NodeData node, ILogger log)
    {
        BookieRegistration? bookie = null;
        try
        {
            bookie = BookieRegistration.Decode(new BookieId(RecipeCalls.Name(path)), node.Data);
        }
        catch (BookKeeperException e) when (e.Error == BookKeeperError.BadMetadata)
        {
            PlacementLog.BadRegistration(log, path, e.Message);
        }
        return new Decoded(node.Stat.CreatedZxid, node.Stat.ModifiedZxid, bookie);
    }

    /// <summary>A node as it was read; without a registration if that makes no sense.</summary>
    private sealed record Decoded(long Created, long Modified, BookieRegistration? Registration)
    {
        public bool IsOf(NodeData node) => node.Stat.CreatedZxid == Created && node.Stat.ModifiedZxid == Modified;
    }
}
