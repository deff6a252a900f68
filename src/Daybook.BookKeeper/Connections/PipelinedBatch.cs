using Daybook.BookKeeper.Wire;

namespace Daybook.BookKeeper.Connections;

/// <summary>Makes a batch of single reads that were sent together: cut before the first that is not good, and once the bytes are enough.</summary>
internal sealed class PipelinedBatch(int count, long maxBytes) : IReadAnswers
{
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
        var entries = new List<ReadOnlyMemory<byte>>();
        var bytes = 0L;
        foreach (var response in _responses)
        {
            bytes += response.Body.Length;
            if (response.Status != BookieStatus.Ok || (entries.Count > 0 && bytes > maxBytes))
                break;
            entries.Add(response.Body);
        }
        return new BatchAnswer(entries.Count > 0 ? BookieStatus.Ok : _responses[0].Status, entries);
    }
}
