namespace Daybook.Servers.Surface;

/// <summary>Waits for what a call found by reflection returned.</summary>
internal static class CallEnd
{
    /// <summary>Waits for a task, or for the first element of an asynchronous sequence; everything else has ended already. What a task made
    /// is disposed of.</summary>
    public static async Task OfAsync(object? result)
    {
        if (result is Task task)
        {
            await task;
            if (task.GetType().GetProperty(nameof(Task<>.Result))?.GetValue(task) is IAsyncDisposable made)
                await made.DisposeAsync();
        }
        else if (result is ValueTask waiting)
        {
            await waiting;
        }
        else if (result?.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(ValueTask<>))
        {
            await OfAsync(type.GetMethod("AsTask")!.Invoke(result, null));
        }
        else if (result?.GetType().GetInterfaces().FirstOrDefault(IsSequence) is { } sequence)
        {
            var first = typeof(CallEnd).GetMethod(nameof(FirstAsync), System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic)!;
            await (Task)first.MakeGenericMethod(sequence.GetGenericArguments()).Invoke(null, [result])!;
        }
    }

    private static bool IsSequence(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>);

    private static async Task FirstAsync<T>(IAsyncEnumerable<T> sequence) => await sequence.FirstOrDefaultAsync();
}
