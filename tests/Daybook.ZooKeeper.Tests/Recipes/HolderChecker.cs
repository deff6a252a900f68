using Daybook.ZooKeeper.Recipes;

namespace Daybook.ZooKeeper.Tests.Recipes;

/// <summary>
/// Checks that two leases are never valid at the same time. It asks one, the other, and the first again: as a lease that was taken over
/// never becomes valid again, both were valid while the other was asked.
/// </summary>
/// <param name="isValid">What a holder goes by; another than <see cref="ZooKeeperLease.IsValid"/> to see that the checker finds what it should.</param>
public sealed class HolderChecker(Func<ZooKeeperLease, bool>? isValid = null)
{
    private readonly Lock _lock = new();
    private readonly Func<ZooKeeperLease, bool> _isValid = isValid ?? (lease => lease.IsValid);
    private readonly List<(string Who, ZooKeeperLease Lease)> _held = [];
    private readonly List<string> _found = [];
    private Epoch _last;

    /// <summary>What was found, in words.</summary>
    public IReadOnlyList<string> Found
    {
        get
        {
            lock (_lock)
                return [.. _found];
        }
    }

    /// <summary>How many leases there were.</summary>
    public int Leases { get; private set; }

    /// <summary>How often at least one of those held was valid when looked at.</summary>
    public long Valid { get; private set; }

    public void Acquired(string who, ZooKeeperLease lease)
    {
        lock (_lock)
        {
            Leases++;
            if (lease.Epoch <= _last)
                _found.Add($"{who} got epoch {lease.Epoch} after {_last} (F3)");
            _last = lease.Epoch;
            _held.Add((who, lease));
            Look();
        }
    }

    public void Check()
    {
        lock (_lock)
            Look();
    }

    private void Look()
    {
        foreach (var (who, lease) in _held)
        {
            if (!_isValid(lease))
                continue;
            Valid++;
            foreach (var (other, another) in _held)
            {
                if (another != lease && _isValid(another) && _isValid(lease))
                    _found.Add($"{who} with epoch {lease.Epoch} and {other} with epoch {another.Epoch} were both valid (C12)");
            }
        }
    }
}
