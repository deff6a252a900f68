using Daybook.BookKeeper.Wire;

namespace Daybook.BookKeeper.Connections;

/// <summary>Makes a batch of single reads that were sent together: cut before the first that is not good.</summary>
internal sealed class PipelinedBatch(int count) : IReadAnswers
{
    /// <summary>How many reads are sent together. A bookie of Apache's queues 2,500 (<c>maxPendingReadRequestsPerThread</c>) and refuses
    /// what comes beyond: two readers of one ledger with four such batches each stay below.</summary>
    public const int MostReads = 250;

    private readonly ReadResponse[] _responses = new ReadResponse[count];
    private readonly TaskCompletionSource<BatchAnswer> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _missing = count;

    public Task<BatchAnswer> Result => _result.Task;

    public void Read(BookieId bookie, int position, EntryId asked, in ReadResponse response)
    {
        _responses[position] = response;
        if (Interlocked.Decrement(ref _missing) == 0)
            _result.TrySetResult(Put());
    }

    private BatchAnswer Put()
    {
        var entries = new List<ReadOnlyMemory<byte>>(_responses.Length);
        foreach (var response in _responses)
        {
            if (response.Status != BookieStatus.Ok)
                break;
            entries.Add(response.Body);
        }
        return new BatchAnswer(entries.Count > 0 ? BookieStatus.Ok : _responses[0].Status, entries);
    }
}
