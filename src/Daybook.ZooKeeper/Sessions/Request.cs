using Daybook.ZooKeeper.Wire;

namespace Daybook.ZooKeeper.Sessions;

/// <summary>Reads the body of a reply.</summary>
internal delegate T ReplyReader<out T>(ref JuteReader reader);

/// <summary>A request on its way to the server and back.</summary>
internal abstract class Request(OpCode operation, string? path, ReadOnlyMemory<byte> body)
{
    public OpCode Operation => operation;

    /// <summary>The node, as the caller knows it.</summary>
    public string? Path => path;

    /// <summary>What follows the request header.</summary>
    public ReadOnlyMemory<byte> Body { get; private set; } = body;

    /// <summary>Gives the body at last, when the request is written, so that it agrees with what went before; null not to send it after all.</summary>
    public Func<ReadOnlyMemory<byte>?>? AtWriting { get; init; }

    public int Xid { get; set; }

    /// <summary>When it was sent, by the session's clock.</summary>
    public long SentAt { get; set; }

    /// <summary>True when nobody waits for it any more and it need not be sent.</summary>
    public abstract bool IsAbandoned { get; }

    /// <summary>Takes the reply. Runs on the reading loop, so what it does comes before any later frame.</summary>
    public abstract void Answer(ZooKeeperError error, ref JuteReader reader);

    public abstract void Fail(ZooKeeperException error);

    /// <summary>Settles what is written.</summary>
    /// <returns>False when nothing is; then the request is done.</returns>
    public bool TakeBody()
    {
        if (AtWriting is null)
            return true;
        var last = AtWriting();
        if (last is null)
            Skip();
        else
            Body = last.Value;
        return last is not null;
    }

    /// <summary>There is nothing to ask for any more.</summary>
    protected abstract void Skip();
}

/// <summary>A request with a typed reply.</summary>
internal sealed class Request<T>(OpCode operation, string? path, ReadOnlyMemory<byte> body, ReplyReader<T> read) : Request(operation, path, body)
{
    private readonly TaskCompletionSource<T> _reply = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What else happens with the reply before the caller sees it: a watch is noted. Gets the error, <see cref="ZooKeeperError.None"/> for none.</summary>
    public Action<ZooKeeperError>? Answered { get; init; }

    /// <summary>Gives the reply to an error; null where it is thrown.</summary>
    public Func<ZooKeeperError, (bool IsReply, T Reply)>? OnError { get; init; }

    public Task<T> Task => _reply.Task;

    public override bool IsAbandoned => _reply.Task.IsCompleted;

    public void Abandon(CancellationToken cancellationToken) => _reply.TrySetCanceled(cancellationToken);

    public override void Answer(ZooKeeperError error, ref JuteReader reader)
    {
        if (error == ZooKeeperError.None)
        {
            var reply = read(ref reader);
            Answered?.Invoke(error);
            _reply.TrySetResult(reply);
            return;
        }
        Answered?.Invoke(error);
        if (OnError?.Invoke(error) is (true, var instead))
            _reply.TrySetResult(instead);
        else
            _reply.TrySetException(ZooKeeperException.Answered(error, Operation.ToString(), Path));
    }

    public override void Fail(ZooKeeperException error) => _reply.TrySetException(error);

    protected override void Skip() => _reply.TrySetCanceled();
}
