namespace Daybook.Cluster.Tests.Books;

// A book whose commands change two streams of different partitions in one transaction: what one purse loses, another gains.
[EventType("cluster.moved")]
public sealed record Moved(int By);

public sealed record Purse(int Amount)
{
    public static Purse Create(Moved e) => new(e.By);

    public Purse Apply(Moved e) => new(Amount + e.By);
}

public sealed record Pass(string From, string To, int Amount);

public static class PurseHandlers
{
    public static Decision Handle(Pass command, Purse? from, Purse? to) =>
        Decision.Emit(command.From, new Moved(-command.Amount)).And(command.To, new Moved(command.Amount));
}
