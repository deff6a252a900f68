using System.Threading.Channels;

namespace Daybook.Servers.Processes;

/// <summary>The lines of a process: all to be read once, the last ones kept for error messages.</summary>
internal sealed class OutputLines
{
    private const int Kept = 60;
    private const int Streams = 2;

    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly Queue<string> _tail = new();
    private int _ended;

    internal string Tail
    {
        get
        {
            lock (_tail)
                return string.Join('\n', _tail);
        }
    }

    /// <summary>Takes a line, or the end of one of the two streams.</summary>
    internal void Add(string? line)
    {
        if (line is null)
        {
            if (Interlocked.Increment(ref _ended) == Streams)
                _lines.Writer.TryComplete();
            return;
        }
        lock (_tail)
        {
            _tail.Enqueue(line);
            if (_tail.Count > Kept)
                _tail.Dequeue();
        }
        _lines.Writer.TryWrite(line);
    }

    internal async Task<string> ReadAsync(Func<string, bool> isWanted, CancellationToken cancellationToken)
    {
        await foreach (var line in _lines.Reader.ReadAllAsync(cancellationToken))
        {
            if (isWanted(line))
                return line;
        }
        throw new InvalidOperationException($"The process ended without the line that was waited for. It wrote:\n{Tail}");
    }
}
