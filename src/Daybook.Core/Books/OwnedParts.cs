namespace Daybook;

/// <summary>What belongs together and is disposed in reverse order.</summary>
internal sealed class OwnedParts : IAsyncDisposable
{
    private readonly Stack<object> _owned = [];

    public T Own<T>(T part)
        where T : class
    {
        _owned.Push(part);
        return part;
    }

    public async ValueTask DisposeAsync()
    {
        while (_owned.TryPop(out var part))
        {
            if (part is IAsyncDisposable asynchronous)
                await asynchronous.DisposeAsync().ConfigureAwait(false);
            else
                (part as IDisposable)?.Dispose();
        }
    }
}
