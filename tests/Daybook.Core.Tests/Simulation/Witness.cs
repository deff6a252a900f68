namespace Daybook.Core.Tests.Simulation;

/// <summary>
/// What handlers were shown, by command and by the epoch of the owner that asked. A handler may be asked several times for one command; in
/// one ownership the last time is the one that was recorded, because a recorded command is never decided again.
/// </summary>
internal sealed class Witness
{
    [ThreadStatic]
    private static (Witness Witness, Epoch Epoch)? t_current;

    private readonly Dictionary<CommandId, SortedDictionary<long, object?[]>> _shown = [];

    /// <summary>Called by the owner before it asks a handler.</summary>
    public static void Enter(Witness witness, Epoch epoch) => t_current = (witness, epoch);

    public static void Leave() => t_current = null;

    /// <summary>Called by the handler.</summary>
    public static void Note(CommandId id, IEnumerable<object?> states)
    {
        if (t_current is not { } current)
            return;
        if (!current.Witness._shown.TryGetValue(id, out var byEpoch))
            current.Witness._shown[id] = byEpoch = [];
        byEpoch[current.Epoch.Value] = [.. states];
    }

    /// <summary>What the handler was shown by the owner of an epoch; by the newest one that asked when it is null.</summary>
    public object?[] Shown(CommandId id, Epoch? epoch) =>
        epoch is { } known && _shown[id].TryGetValue(known.Value, out var states) ? states : _shown[id].Last().Value;
}
