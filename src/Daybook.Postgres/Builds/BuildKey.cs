using Daybook.Projections;

namespace Daybook.Postgres.Builds;

/// <summary>A build of a version of a projection.</summary>
/// <param name="Projection">The name and version.</param>
/// <param name="Number">From 1.</param>
/// <param name="Sample">Of a shadow, made to be compared with what is shown: the percentage of keys that it folds; null for others.</param>
internal readonly record struct BuildKey(ProjectionId Projection, int Number = 1, int? Sample = null)
{
    internal bool IsShadow => Sample is not null;

    /// <summary>The name of the build's table, neither qualified nor quoted.</summary>
    internal string Table => $"projection_{Projection.Name}_v{Projection.Version}{(Number == 1 ? "" : $"_b{Number}")}";

    /// <summary>The view through which readers of the version see its current build.</summary>
    internal string LiveView => $"projection_{Projection.Name}_v{Projection.Version}_live";

    /// <summary>The view of the build that is shown, whatever its version.</summary>
    internal string ShownView => $"projection_{Projection.Name}";

    /// <summary>Of a shadow: the table that says for each key which event changed it last.</summary>
    internal string EventsTable => $"{Table}_e";

    /// <inheritdoc/>
    public override string ToString() => $"{Projection} build {Number}";

    /// <summary>A name of the schema as statements want it: names keep their case.</summary>
    internal static string Qualified(string schema, string name) => $"{schema}.\"{name}\"";
}
