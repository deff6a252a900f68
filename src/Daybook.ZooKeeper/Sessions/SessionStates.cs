using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Daybook.ZooKeeper.Sessions;

/// <summary>The state of a session, and its observers.</summary>
internal sealed class SessionStates
{
    private readonly Lock _lock = new();
    private readonly List<Channel<ZooKeeperState>> _followers = [];
    private readonly CancellationTokenSource _ended;
    private volatile ZooKeeperState _current = ZooKeeperState.Connecting;

    public ZooKeeperState Current => _current;

    public SessionStates(CancellationTokenSource ended) => _ended = ended;

    /// <summary>Cancelled when the session is over.</summary>
    public CancellationToken Ended => _ended.Token;

    public void Move(ZooKeeperState state)
    {
        lock (_lock)
        {
            _current = state;
            foreach (var follower in _followers)
            {
                follower.Writer.TryWrite(state);
                if (IsOver)
                    follower.Writer.TryComplete();
            }
        }
        if (IsOver)
            _ended.CancelAsync();
    }

    /// <summary>The present state and every later one, up to the end of the session.</summary>
    public async IAsyncEnumerable<ZooKeeperState> FollowAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var states = Channel.CreateUnbounded<ZooKeeperState>();
        lock (_lock)
        {
            states.Writer.TryWrite(_current);
            if (IsOver)
                states.Writer.TryComplete();
            else
                _followers.Add(states);
        }
        try
        {
            await foreach (var state in states.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
                yield return state;
        }
        finally
        {
            lock (_lock)
                _followers.Remove(states);
        }
    }

    private bool IsOver => _current is ZooKeeperState.Expired or ZooKeeperState.AuthFailed or ZooKeeperState.Closed;
}
