namespace Daybook.Testing.Tests.Histories.Simulation;

/// <summary>A place where another client may run.</summary>
internal readonly record struct Pause;

/// <summary>Concurrency from a seed: clients are iterators, and at each pause the next to go on is drawn.</summary>
internal static class Interleaving
{
    public static void Run(Random random, IEnumerable<IEnumerable<Pause>> clients)
    {
        var running = clients.Select(c => c.GetEnumerator()).ToList();
        while (running.Count > 0)
        {
            var next = random.Next(running.Count);
            if (running[next].MoveNext()) continue;
            running[next].Dispose();
            running.RemoveAt(next);
        }
    }
}
