using System.Runtime.InteropServices;

namespace Daybook.Testing.Histories.Linearizability;

/// <summary>
/// Lowe's pruning: a search that comes again to the same completed operations in the same state learns nothing new. It need not even have
/// used
/// the same open operations: having used more of them than before leaves fewer ways to go on.
/// </summary>
internal sealed class ConfigurationCache<TState>
{
    private readonly Dictionary<Configuration<TState>, Antichain> _seen = [];

    /// <summary>Whether nothing at least as promising was seen before.</summary>
    public bool TryAdd(OperationSet completed, OperationSet open, TState state)
    {
        ref var used = ref CollectionsMarshal.GetValueRefOrAddDefault(_seen, new(completed.Snapshot(), state), out _);
        return (used ??= new Antichain()).TryAdd(open.ToWords());
    }
}
