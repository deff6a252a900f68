namespace Daybook.Core.Tests.Simulation;

/// <summary>Results of calls that never wait in a simulation, because the store and the coordinator answer immediately.</summary>
internal static class Done
{
    public static T Of<T>(ValueTask<T> task) =>
        task.IsCompleted ? task.GetAwaiter().GetResult() : throw new InvalidOperationException("A call waits, which nothing in a simulation may do.");

    public static void Of(ValueTask task)
    {
        if (!task.IsCompleted)
            throw new InvalidOperationException("A call waits, which nothing in a simulation may do.");
        task.GetAwaiter().GetResult();
    }
}
