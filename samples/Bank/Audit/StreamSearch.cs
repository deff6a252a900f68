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

    /// <summary>A row of the recent entries names accounts and perhaps a journal entry.</summary>
    public void Recent(RecentEntry row)
    {
        if (row.Kind == RecentEntries.JournalEntryKind)
            Found(new JournalEntryId(row.Id).Stream);
        foreach (var leg in row.Legs)
            Account(leg.Account);
    }

    /// <summary>An event names others.</summary>
    public void Named(object body)
    {
        switch (body)
        {
            case TransferSent e: Account(e.To); break;
            case TransferReceived e: Account(e.From); break;
            case Posted e: Found(e.Entry.Stream); break;
            case EntryRecorded e:
                foreach (var leg in e.Legs)
                    Account(leg.Account);
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
