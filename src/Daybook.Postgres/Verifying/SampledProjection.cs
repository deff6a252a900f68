using Daybook.Projections;

namespace Daybook.Postgres.Verifying;

/// <summary>Folds only the documents of a sample of the keys.</summary>
internal sealed class SampledProjection<TDocument>(IDocumentProjection<TDocument> code, int percent) : IDocumentProjection<TDocument>
    where TDocument : class
{
    // A bad key is kept, so that the event is poison here too.
    public IEnumerable<string> KeysOf(ProjectedEvent projected) =>
        code.KeysOf(projected) is { } keys ? keys.Where(k => k is null || Sample.Takes(k, percent)) : null!;

    public TDocument? Apply(string key, TDocument? document, ProjectedEvent projected) => code.Apply(key, document, projected);
}

/// <summary>Decides which keys belong to a sample: the same ones on every node and in every run.</summary>
internal static class Sample
{
    internal static bool Takes(string key, int percent)
    {
        // FNV-1a mixes its high bits best.
        var hash = 2166136261u;
        foreach (var c in key)
            hash = (hash ^ c) * 16777619u;
        return ((hash >> 8) % 100) < percent;
    }
}
