using Daybook.BookKeeper.Wire;

namespace Daybook.BookKeeper.Connections;

/// <summary>The answers that one read of a connection brought, on their way to the callers: decoded, matched under the lock in one go, handed over without it.</summary>
internal sealed class ReceivedAnswers(BookieId bookie, ConnectionContext context)
{
    private readonly List<Answer> _answers = [];
    private readonly List<(PendingRequest Request, int Answer)> _matched = [];
    private MalformedFrameException? _malformed;

    /// <summary>True when something came that was asked for, and nothing else.</summary>
    public bool Any => _malformed is null && _answers.Count > 0;

    /// <summary>Decodes what is there, up to the first thing that is no answer.</summary>
    public void Decode(FrameReceiver receiver, IDialect dialect)
    {
        try
        {
            while (receiver.TryTake(out var frame, out var isOwned))
                _answers.Add(dialect.Read(frame, isOwned));
        }
        catch (MalformedFrameException e)
        {
            _malformed = e;
        }
    }

    /// <summary>Finds the requests, up to the first answer to something else. To be called under the lock of <paramref name="pending"/>.</summary>
    public void Match(PendingRequests pending)
    {
        for (var i = 0; i < _answers.Count; i++)
        {
            switch (pending.Take(_answers[i], out var request))
            {
                case AnswerMatch.Awaited:
                    _matched.Add((request, i));
                    break;
                case AnswerMatch.Late:
                    break;
                case var match:
                    _malformed = new MalformedFrameException($"The answer {_answers[i].Key} is {match}: it speaks of {_answers[i].Ledger}, {_answers[i].Entry}.");
                    return;
            }
        }
    }

    /// <summary>Hands over what was matched and lets go of it.</summary>
    /// <exception cref="MalformedFrameException">Something came that is no answer, or none to what was asked.</exception>
    public void HandOver()
    {
        foreach (var (request, answer) in _matched)
            context.Answer(bookie, request, _answers[answer]);
        _matched.Clear();
        _answers.Clear();
        if (_malformed is not null)
            throw _malformed;
    }
}
