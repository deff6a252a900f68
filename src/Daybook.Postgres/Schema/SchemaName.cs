namespace Daybook.Postgres.Schema;

/// <summary>The schema of a book. Its text form is quoted for use in statements, so reserved words are valid names.</summary>
/// <param name="Name">The name without quotes, for messages and for names of locks and channels.</param>
internal readonly record struct SchemaName(string Name)
{
    /// <inheritdoc/>
    public override string ToString() => Identifier.Quoted(Name);
}
