namespace Daybook.Core.Tests.States.Values;

/// <summary>A kind of value that a state, an event, a command or a document may hold, and what must become of it.</summary>
/// <param name="name">Its name in the list of tests.</param>
/// <param name="refused">What the error names when the book is built; null when the type is taken.</param>
/// <param name="fails">What the error of the command, or of the projection, names; null when the value is taken.</param>
public abstract class Sample(string name, string? refused, string? fails)
{
    public string Name => name;

    public string? Refused => refused;

    public string? Fails => fails;

    public abstract Task RunAsync(ISampleTest test);
}

/// <summary>A value of a type.</summary>
public sealed class Sample<T>(string name, Func<T> make, string? refused = null, string? fails = null) : Sample(name, refused, fails)
{
    /// <summary>A value that shares nothing with others.</summary>
    public T Make() => make();

    public override Task RunAsync(ISampleTest test) => test.RunAsync(this);
}

/// <summary>What is tried with each sample.</summary>
public interface ISampleTest
{
    Task RunAsync<T>(Sample<T> sample);
}

/// <summary>Holds a value, as a state or a document.</summary>
[Aggregate("box")]
public sealed record Box<T>(T First, T Last, int Count)
{
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1000", Justification = "A state has its Create.")]
    public static Box<T> Create(Put<T> e) => new(e.Value, e.Value, 1);

    public Box<T> Apply(Put<T> e) => this with { Last = e.Value, Count = Count + 1 };
}

[EventType("values.put")]
public sealed record Put<T>(T Value);
