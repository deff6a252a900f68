using Daybook.Projections;

namespace Daybook.Postgres.Tests.Books;

[EventType("talk.said.v1")]
public sealed record Said(string Text);

[Aggregate("talk")]
public sealed record Talk(int Count)
{
    public static Talk Create(Said said) => new(1);

    public Talk Apply(Said said) => new(Count + 1);
}

public sealed record Speak(string Talk, string Text);

public static class TalkHandlers
{
    public static Decision Handle(Speak command, Talk? talk) => Decision.Emit(new Said(command.Text));
}

public sealed record Heard(int Count);

/// <summary>Counts the events of each talk, and of all.</summary>
[Projection("heard")]
public sealed class Hearing : IDocumentProjection<Heard>
{
    public IEnumerable<string> KeysOf(ProjectedEvent projected) => [projected.Recorded.Stream.Value, "all"];

    public Heard? Apply(string key, Heard? heard, ProjectedEvent projected) =>
        ((Said)projected.Body).Text == "poison" ? throw new InvalidOperationException("cannot bear it") : new Heard((heard?.Count ?? 0) + 1);
}
