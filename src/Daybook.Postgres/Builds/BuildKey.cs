using System.Text.RegularExpressions;
using Daybook.Postgres.Schema;
using Daybook.Projections;

namespace Daybook.Postgres.Builds;

/// <summary>A build of a version of a projection.</summary>
/// <param name="Projection">The name and version.</param>
/// <param name="Number">From 1.</param>
/// <param name="Sample">For a shadow, the percentage of keys that it folds; null for other builds.</param>
internal readonly partial record struct BuildKey(ProjectionId Projection, int Number = 1, int? Sample = null)
{
    internal bool IsShadow => Sample is not null;

    /// <summary>The name of the build's table, neither qualified nor quoted.</summary>
    internal string Table => Identifier.Fitted(WholeTable);

    /// <summary>The view through which readers of the version see its current build.</summary>
    internal string LiveView => Identifier.Fitted(WholeLiveView);

    /// <summary>The truncated name that earlier versions of Daybook gave that view. Null where the server kept the whole name.</summary>
    internal string? CutLiveView => Identifier.IsTooLong(WholeLiveView) ? Identifier.Cut(WholeLiveView) : null;

    /// <summary>The view of the build that is shown, regardless of its version.</summary>
    internal string ShownView => Identifier.Fitted($"projection_{Projection.Name}");

    /// <summary>For a shadow, the table that holds the last event that changed each key.</summary>
    internal string EventsTable => Identifier.Fitted($"{WholeTable}_e");

    private string WholeTable => $"projection_{Projection.Name}_v{Projection.Version}{(Number == 1 ? "" : $"_b{Number}")}";

    private string WholeLiveView => $"projection_{Projection.Name}_v{Projection.Version}_live";

    /// <inheritdoc/>
    public override string ToString() => $"{Projection} build {Number}";

    /// <summary>A qualified name for statements; names keep their case.</summary>
    internal static string Qualified(SchemaName schema, string name) => $"{schema}.{Identifier.Quoted(name)}";

    /// <summary>Refuses a projection whose tables, views or indexes could have the same name as another's.</summary>
    /// <exception cref="DaybookException"><see cref="ErrorCode.InvalidArgument"/>; the message names both.</exception>
    internal static void RequireApart(ProjectionId projection, ProjectionId other)
    {
        if (MeetIn(projection, other) || MeetIn(other, projection))
            throw new DaybookException(ErrorCode.InvalidArgument,
                $"Projection {projection} and projection {other} would give tables, views or indexes the same name; rename one of them.");
    }

    // One has the name of a relation that belongs to the other: a_v1, a_v1_live, a_v1_b2, a_v1_b2_e, and keys and indexes of those.
    private static bool MeetIn(ProjectionId whole, ProjectionId longer) =>
        longer.Name.StartsWith($"{whole.Name}_v{whole.Version}", StringComparison.Ordinal)
        && OfRelation().IsMatch(longer.Name[$"{whole.Name}_v{whole.Version}".Length..]);

    [GeneratedRegex(@"\A(|_live|_b\d+(_e)?|_(.*_)?(pkey|key|idx)\d*)\z", RegexOptions.CultureInvariant)]
    private static partial Regex OfRelation();
}
