namespace Daybook.Postgres.Schema;

/// <summary>The schema of a book. As text it is quoted, as statements need it: a reserved word is a name like any other.</summary>
/// <param name="Name">The name without quotes, for messages and for names of locks and channels.</param>
internal readonly record struct SchemaName(string Name)
{
    /// <inheritdoc/>
    public override string ToString() => Identifier.Quoted(Name);
}
