namespace Daybook.Testing.Histories.Linearizability;

/// <summary>Sets of operations, none of which contains another.</summary>
internal sealed class Antichain
{
    private readonly List<ulong[]> _sets = [];

    /// <summary>Adds a set and drops those that contain it. False, and nothing changes, if it contains one that is here.</summary>
    public bool TryAdd(ulong[] set)
    {
        foreach (var member in _sets)
        {
            if (IsSubset(member, set)) return false;
        }
        _sets.RemoveAll(member => IsSubset(set, member));
        _sets.Add(set);
        return true;
    }

    private static bool IsSubset(ulong[] inner, ulong[] outer)
    {
        if (inner.Length > outer.Length) return false;
        for (var i = 0; i < inner.Length; i++)
        {
            if ((inner[i] & ~outer[i]) != 0) return false;
        }
        return true;
    }
}
