namespace Daybook.Testing.Histories;

/// <summary>An invocation paired with its completion.</summary>
/// <typeparam name="TCall">What was asked.</typeparam>
/// <typeparam name="TReturn">What was answered.</typeparam>
/// <param name="Index">The operation's place in its history, which is in order of invocation.</param>
/// <param name="Process">The client.</param>
/// <param name="Call">What was asked.</param>
/// <param name="Completion">What the client knows of the effect.</param>
/// <param name="Return">The answer; meaningful for <see cref="Completion.Ok"/> only.</param>
/// <param name="Invoked">When it was asked.</param>
/// <param name="Completed">When the answer came; <see cref="LogicalTime.Never"/> for <see cref="Completion.Info"/>.</param>
public sealed record Operation<TCall, TReturn>(
    int Index, ProcessId Process, TCall Call, Completion Completion, TReturn? Return, LogicalTime Invoked, LogicalTime Completed)
{
    /// <summary>Whether this operation was over before <paramref name="other"/> was invoked.</summary>
    public bool Precedes(Operation<TCall, TReturn> other) => Completed < other.Invoked;

    /// <inheritdoc />
    public override string ToString() => Completion switch
    {
        Completion.Ok => $"#{Index} process {Process} [{Invoked}, {Completed}] {Call} -> {Return}",
        Completion.Fail => $"#{Index} process {Process} [{Invoked}, {Completed}] {Call} failed",
        _ => $"#{Index} process {Process} [{Invoked}, ...) {Call} -> ?",
    };
}
