using System.Diagnostics.CodeAnalysis;
using Bank.Accounts;
using Bank.Entries;
using Bank.ReadModels;
using Daybook;

namespace Bank.Audit;

/// <summary>Streams found and still to be read, each once.</summary>
internal sealed class StreamSearch
{
    private readonly HashSet<StreamId> _known = [];
    private readonly Queue<StreamId> _waiting = [];

    /// <summary>An account was found.</summary>
    public void Account(AccountId account) => Found(account.Stream);

    /// <summary>Adds the accounts of a movement, and its journal entry if it has one.</summary>
    public void Movement(LoggedMovement movement)
    {
        if (movement.Entry is { } entry)
            Found(entry.Stream);
        foreach (var account in movement.Accounts)
            Account(account);
    }

    /// <summary>Adds the streams that an event names.</summary>
    public void Named(object body)
    {
        switch (body)
        {
            case TransferSent e: Account(e.To); break;
            case TransferReceived e: Account(e.From); break;
            case Posted e: Found(e.Entry.Stream); break;
            case EntryRecorded e:
                foreach (var posting in e.Postings)
                    Account(posting.Account);
                break;
        }
    }

    /// <summary>The next stream to read.</summary>
    public bool TryNext([MaybeNullWhen(false)] out StreamId stream) => _waiting.TryDequeue(out stream);

    private void Found(StreamId stream)
    {
        if (_known.Add(stream))
            _waiting.Enqueue(stream);
    }
}
