namespace Daybook.Testing.Histories.Linearizability;

/// <summary>A place of the search: the completed operations already linearized, and the state they (and some open ones) lead to.</summary>
internal readonly struct Configuration<TState> : IEquatable<Configuration<TState>>
{
    private readonly ulong[] _linearized;
    private readonly TState _state;
    private readonly int _hash;

    public Configuration(ulong[] linearized, TState state)
    {
        (_linearized, _state) = (linearized, state);
        var hash = new HashCode();
        foreach (var word in linearized) hash.Add(word);
        hash.Add(state);
        _hash = hash.ToHashCode();
    }

    public bool Equals(Configuration<TState> other) =>
        _hash == other._hash
        && EqualityComparer<TState>.Default.Equals(_state, other._state)
        && _linearized.AsSpan().SequenceEqual(other._linearized);

    public override bool Equals(object? obj) => obj is Configuration<TState> other && Equals(other);

    public override int GetHashCode() => _hash;
}
