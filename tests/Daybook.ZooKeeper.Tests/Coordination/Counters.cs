namespace Daybook.ZooKeeper.Tests.Coordination;

[EventType("counted.v1")]
public sealed record Counted(int By);

public sealed record Count(string Counter, int By);

public sealed record Counter(int Value)
{
    public static Counter Create(Counted e) => new(e.By);

    public Counter Apply(Counted e) => new(Value + e.By);
}

public static class CounterHandlers
{
    public static Decision Handle(Count command, Counter? counter) => Decision.Emit(new Counted(command.By));
}
