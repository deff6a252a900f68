namespace Daybook;

/// <summary>An enumeration that ends when its caller or the book does, even while its store pays no attention to its token.</summary>
/// <param name="inner">The reads. One that is still under way at the end is left to itself.</param>
/// <param name="ending">Cancelled by either.</param>
/// <param name="caller">The caller's own token.</param>
internal sealed class EndingReads<T>(IAsyncEnumerator<T> inner, CancellationToken ending, CancellationToken caller) : IAsyncDisposable
{
    private Task<bool> _moving = Task.FromResult(false);

    public T Current => inner.Current;

    public async ValueTask<bool> MoveNextAsync()
    {
        try
        {
            ending.ThrowIfCancellationRequested();
            var next = inner.MoveNextAsync();
            if (next.IsCompleted)
                return await next.ConfigureAwait(false);
            _moving = next.AsTask();
            return await _moving.WaitAsync(ending).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (ending.IsCancellationRequested)
        {
            throw BookClosing.Meaning(e, caller);
        }
    }

    public ValueTask DisposeAsync() => _moving.IsCompleted ? inner.DisposeAsync() : default;
}
