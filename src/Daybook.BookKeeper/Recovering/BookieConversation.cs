using System.Threading.Channels;
using Daybook.BookKeeper.Connections;
using Daybook.BookKeeper.Wire;

namespace Daybook.BookKeeper.Recovering;

/// <summary>Drives one machine to its end: sends what it wants sent and gives it the answers, one at a time and in the order they came.</summary>
/// <remarks>Runs on the threads that bring the answers, and so does what awaits it: code that hands a result to a user must yield first.</remarks>
internal sealed class BookieConversation : IReadAnswers, IAddAnswers
{
    private readonly Channel<BookieAnswer> _answers =
        Channel.CreateUnbounded<BookieAnswer>(new UnboundedChannelOptions { SingleReader = true, AllowSynchronousContinuations = true });

    private readonly IBookies _bookies;

    private BookieConversation(IBookies bookies) => _bookies = bookies;

    /// <summary>Runs a machine until it is done; answers that come later are dropped.</summary>
    /// <exception cref="BookKeeperException">The machine's failure.</exception>
    public static async ValueTask RunAsync(IBookies bookies, BookieMachine machine, CancellationToken cancellationToken)
    {
        var conversation = new BookieConversation(bookies);
        try
        {
            machine.Start();
            conversation.Send(machine);
            while (!machine.IsDone)
            {
                machine.Take(await conversation._answers.Reader.ReadAsync(cancellationToken).ConfigureAwait(false));
                conversation.Send(machine);
            }
        }
        finally
        {
            conversation._answers.Writer.TryComplete();
        }
        if (machine.Failure is { } failure)
            throw failure;
    }

    void IReadAnswers.Read(BookieId bookie, int position, EntryId asked, in ReadResponse response) =>
        _answers.Writer.TryWrite(new ReadAnswered(bookie, position, asked, response));

    void IAddAnswers.Added(BookieId bookie, int position, EntryId entry, BookieStatus status) =>
        _answers.Writer.TryWrite(new AddAnswered(bookie, position, entry, status));

    private void Send(BookieMachine machine)
    {
        while (machine.TryNext(out var request))
        {
            switch (request)
            {
                case SendRead read:
                    _bookies.Read(read.Bookie, read.Request, this, read.Position);
                    break;
                case SendAdd add:
                    _bookies.Add(add.Bookie, add.Request, this, add.Position);
                    break;
                case SendReadLac lac:
                    _ = AskLacAsync(lac);
                    break;
            }
        }
    }

    private async Task AskLacAsync(SendReadLac request)
    {
        var answer = await _bookies.ReadLacAsync(request.Bookie, request.Ledger).ConfigureAwait(false);
        _answers.Writer.TryWrite(new LacAnswered(request.Bookie, request.Position, answer));
    }
}
