namespace Daybook.Servers;

/// <summary>A server that several tests share: started on first use, so that a machine without it skips the tests, and ended after the last
/// one.</summary>
/// <param name="start">Starts it.</param>
public abstract class SharedServer<TServer>(Func<Task<TServer>> start)
    where TServer : IAsyncDisposable
{
    private Task<TServer>? _starting;

    /// <summary>The server.</summary>
    public Task<TServer> StartedAsync() => _starting ??= start();

    /// <summary>Does nothing: the first test starts the server.</summary>
    public Task InitializeAsync() => Task.CompletedTask;

    /// <summary>Ends the server if it was started.</summary>
    public virtual async Task DisposeAsync()
    {
        if (_starting is { IsCompletedSuccessfully: true } started)
            await (await started).DisposeAsync();
    }
}
