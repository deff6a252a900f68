using System.Runtime.CompilerServices;
using Daybook.Coordination;

namespace Daybook.ZooKeeper.Recipes;

/// <summary>
/// The members of a group: each member is an ephemeral node below the group's. A member that died is listed until its session has expired, and one that
/// lives may be missing while it has no session: for routing and display, not for deciding which process may write.
/// </summary>
/// <param name="sessions">Whose sessions members and lists belong to.</param>
/// <param name="path">The group's node; made where it is missing.</param>
public sealed class GroupMembership(SessionKeeper sessions, string path)
{
    /// <summary>Joins, and stays a member over sessions until what is returned is disposed of. Update its data to publish something else.</summary>
    /// <param name="member">The name; one segment of letters, digits, <c>-</c>, <c>_</c> and <c>.</c>. One that is taken is waited for.</param>
    /// <param name="payload">What the member publishes about itself.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="ZooKeeperException">As of <see cref="PersistentNode.StartAsync"/>.</exception>
    /// <exception cref="DaybookException"><see cref="ErrorCode.InvalidArgument"/> for a bad name.</exception>
    public Task<PersistentNode> JoinAsync(string member, ReadOnlyMemory<byte> payload = default, CancellationToken cancellationToken = default)
    {
        CoordinationKey.Check(member);
        if (member.Contains('/', StringComparison.Ordinal))
            throw new DaybookException(ErrorCode.InvalidArgument, $"The member name '{member}' has a '/'.");
        return PersistentNode.StartAsync(sessions, $"{path}/{member}", payload, cancellationToken);
    }

    /// <summary>The members at this moment, by name.</summary>
    /// <exception cref="ZooKeeperException">No session can be had, it ended, or it may not read this.</exception>
    public async Task<IReadOnlyList<GroupMember>> MembersAsync(CancellationToken cancellationToken = default)
    {
        var tree = await CachedSubtree.OpenAsync(sessions, path, cancellationToken).ConfigureAwait(false);
        await using var _ = tree.ConfigureAwait(false);
        return MembersOf(tree.Current);
    }

    /// <summary>
    /// The members, and all of them again after every change of one, of a payload or of a session. A slow reader misses what lay between, never the
    /// last; after a lost connection or session the list is read anew.
    /// </summary>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ZooKeeperException">The session may not read this.</exception>
    public async IAsyncEnumerable<IReadOnlyList<GroupMember>> FollowAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var tree = await CachedSubtree.OpenAsync(sessions, path, cancellationToken).ConfigureAwait(false);
        await using var _ = tree.ConfigureAwait(false);
        await foreach (var snapshot in tree.SnapshotsAsync(cancellationToken).ConfigureAwait(false))
            yield return MembersOf(snapshot);
    }

    private GroupMember[] MembersOf(SubtreeSnapshot snapshot) =>
    [
        .. snapshot.Nodes
            .Where(node => node.Value.Stat.EphemeralOwner != 0 && RecipeCalls.Parent(node.Key) == path)
            .Select(node => new GroupMember(RecipeCalls.Name(node.Key), node.Value.Data, node.Value.Stat.EphemeralOwner))
            .OrderBy(member => member.Name, StringComparer.Ordinal),
    ];
}
