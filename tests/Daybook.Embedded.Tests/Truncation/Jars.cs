using Daybook.Projections;

namespace Daybook.Embedded.Tests.Truncation;

// The domain of the truncation tests: jars whose events are large, so that ledgers fill quickly.
[EventType("test.jar-filled")]
public sealed record Filled(int By, string Padding);

[Aggregate("jar")]
public sealed record Jar(int Amount)
{
    /// <summary>JSON cannot hold what a jar in debt weighs, so its state cannot be written.</summary>
    public double Weight => Amount < 0 ? double.NaN : Amount;

    public static Jar Create(Filled e) => new(e.By);

    public Jar Apply(Filled e) => new(Amount + e.By);
}

/// <summary>The same jars as a later program sees them: snapshots of the old shape are of no use to it.</summary>
[Aggregate("jar")]
public sealed record CountedJar(int Amount, int Fillings)
{
    public static CountedJar Create(Filled e) => new(e.By, 1);

    public CountedJar Apply(Filled e) => new(Amount + e.By, Fillings + 1);
}

/// <summary>Jars whose state cannot be written.</summary>
[Aggregate("jar")]
public sealed record UnwritableJar(double Amount)
{
    public static UnwritableJar Create(Filled e) => new(double.NaN);
}

public sealed record Fill(string Jar, int By);

public sealed record Pour(string From, string To, int Amount);

public static class JarHandlers
{
    public static readonly string Padding = new('p', 2000);

    public static Decision Handle(Fill c, Jar? jar) => Decision.Emit(new Filled(c.By, Padding));

    public static Decision Handle(Pour c, Jar from, Jar to) =>
        Decision.Emit(c.From, new Filled(-c.Amount, "")).And(c.To, new Filled(c.Amount, ""));
}

public static class CountedJarHandlers
{
    public static Decision Handle(Fill c, CountedJar? jar) => Decision.Emit(new Filled(c.By, JarHandlers.Padding));
}

public static class UnwritableJarHandlers
{
    public static Decision Handle(Fill c, UnwritableJar? jar) => Decision.Emit(new Filled(c.By, JarHandlers.Padding));
}

public sealed record Level(int Amount);

[Projection("levels")]
public sealed class Levels : IDocumentProjection<Level>
{
    public const int Poison = 666;

    public IEnumerable<string> KeysOf(ProjectedEvent projected) => projected.Body is Filled ? [projected.Recorded.Stream.Value] : [];

    public Level? Apply(string key, Level? document, ProjectedEvent projected) => projected.Body is Filled { By: not Poison } e
        ? new Level((document?.Amount ?? 0) + e.By)
        : throw new InvalidOperationException("This jar is cursed.");
}
