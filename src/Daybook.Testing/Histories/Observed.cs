namespace Daybook.Testing.Histories;

/// <summary>How an operation ended, as its caller saw it.</summary>
/// <typeparam name="TReturn">The answer.</typeparam>
/// <param name="Completion">What the caller knows. The default value is an unknown outcome.</param>
/// <param name="Return">The answer; meaningful for <see cref="Completion.Ok"/> only.</param>
public readonly record struct Observed<TReturn>(Completion Completion, TReturn? Return = default);

/// <summary>Makes <see cref="Observed{TReturn}"/> values.</summary>
public static class Observed
{
    /// <summary>The operation took effect and answered.</summary>
    public static Observed<TReturn> Ok<TReturn>(TReturn answer) => new(Completion.Ok, answer);

    /// <summary>The operation did not happen and never will.</summary>
    public static Observed<TReturn> Fail<TReturn>() => new(Completion.Fail);

    /// <summary>Nobody knows whether the operation took or will take effect.</summary>
    public static Observed<TReturn> Info<TReturn>() => new(Completion.Info);
}
