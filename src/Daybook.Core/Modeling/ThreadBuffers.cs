namespace Daybook.Core.Modeling;

/// <summary>
/// What the binding of a command needs for a moment, reused by the next one on the same thread. Not in the generic classes that use it: the
/// runtime finds a thread's variable of a generic class slowly.
/// </summary>
internal static class ThreadBuffers
{
    private const int Reused = 8;

    [ThreadStatic]
    private static List<Target>? t_targets;

    [ThreadStatic]
    private static object?[]?[]? t_arguments;

    /// <summary>An empty list.</summary>
    public static List<Target> Targets()
    {
        var targets = t_targets ??= [];
        targets.Clear();
        return targets;
    }

    /// <summary>Arguments of a handler; the caller clears them after use, and calls no handler meanwhile.</summary>
    public static object?[] Arguments(int count) =>
        count >= Reused ? new object?[count] : (t_arguments ??= new object?[]?[Reused])[count] ??= new object?[count];
}
