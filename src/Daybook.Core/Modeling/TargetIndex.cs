namespace Daybook.Core.Modeling;

/// <summary>Finds which of many aggregates the key of an emission means, in a time that does not grow with their number.</summary>
internal sealed class TargetIndex
{
    /// <summary>Up to this many targets it costs less to look at each.</summary>
    public const int Few = 8;

    private readonly Dictionary<string, List<int>> _byKey = [];

    public TargetIndex(ReadOnlySpan<Target> targets)
    {
        for (var i = 0; i < targets.Length; i++)
        {
            var key = targets[i].Stream.Value[(targets[i].Model.Category.Length + 1)..];
            if (_byKey.TryGetValue(key, out var same))
                same.Add(i);
            else
                _byKey.Add(key, [i]);
        }
    }

    /// <summary>The targets that a key may name, in their order.</summary>
    public IReadOnlyList<int> Candidates(object key) =>
        key is StreamId stream ? CandidatesOf(stream) : _byKey.GetValueOrDefault(KeyText.Of(key)) ?? [];

    private List<int> CandidatesOf(StreamId stream)
    {
        var found = new List<int>();
        for (var slash = stream.Value.IndexOf('/'); slash >= 0; slash = stream.Value.IndexOf('/', slash + 1))
            found.AddRange(_byKey.GetValueOrDefault(stream.Value[(slash + 1)..]) ?? []);
        return found;
    }
}
