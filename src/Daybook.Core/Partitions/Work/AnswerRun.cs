namespace Daybook.Core.Partitions.Work;

/// <summary>
/// Answers the clients of a durable entry on the thread pool, several threads at a time. Before a thread lets a client go on, it asks for
/// another to take the rest, so a client that blocks holds up nobody but itself.
/// </summary>
internal sealed class AnswerRun(List<KeyValuePair<WriteWork, Outcome>> answers) : IThreadPoolWorkItem
{
    private int _next;

    public void Start()
    {
        if (answers.Count > 0)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    public void Execute()
    {
        if (Volatile.Read(ref _next) < answers.Count - 1)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
        for (var i = Interlocked.Increment(ref _next) - 1; i < answers.Count; i = Interlocked.Increment(ref _next) - 1)
            answers[i].Key.AnswerHere(answers[i].Value);
    }
}
