namespace Daybook.Core.Tests.Simulation;

// The domain of the simulation: lists that are appended to, which show the order of what was done to them, and tills that hold money.
[EventType("sim.appended")]
public sealed record Appended(long Value);

[Aggregate("list")]
public sealed record Listing(long[] Values)
{
    public static Listing Create(Appended e) => new([e.Value]);

    public Listing Apply(Appended e) => new([.. Values, e.Value]);
}

[EventType("sim.moved")]
public sealed record Moved(int By);

[Aggregate("till")]
public sealed record Till(int Amount)
{
    public static Till Create(Moved e) => new(e.By);

    public Till Apply(Moved e) => new(Amount + e.By);
}

/// <param name="Keys">The lists.</param>
/// <param name="Appends">What to append to each; null only to look at it.</param>
/// <param name="Refuse">True to be rejected, having looked.</param>
public sealed record Touch(IReadOnlyList<string> Keys, IReadOnlyList<long?> Appends, bool Refuse);

/// <param name="Keys">The tills.</param>
/// <param name="By">What to add to each; all or none, and none of them below zero.</param>
public sealed record Shift(IReadOnlyList<string> Keys, IReadOnlyList<int> By);

public static class SimulationHandlers
{
    public static Decision Handle(Touch c, IReadOnlyDictionary<string, Listing?> keys, CommandContext context)
    {
        Witness.Note(context.CommandId, c.Keys.Select(key => keys[key]));
        if (c.Refuse)
            return Decision.Reject("refused");
        var decision = Decision.Nothing;
        for (var i = 0; i < c.Keys.Count; i++)
        {
            if (c.Appends[i] is { } value)
                decision = decision.And(c.Keys[i], new Appended(value));
        }
        return decision;
    }

    public static Decision Handle(Shift c, IReadOnlyDictionary<string, Till?> keys, CommandContext context)
    {
        Witness.Note(context.CommandId, c.Keys.Select(key => keys[key]));
        var decision = Decision.Nothing;
        for (var i = 0; i < c.Keys.Count; i++)
        {
            if ((keys[c.Keys[i]]?.Amount ?? 0) + c.By[i] < 0)
                return Decision.Reject("insufficient");
            if (c.By[i] != 0)
                decision = decision.And(c.Keys[i], new Moved(c.By[i]));
        }
        return decision;
    }
}
