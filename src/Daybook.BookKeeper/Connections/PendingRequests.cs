using System.Runtime.InteropServices;

namespace Daybook.BookKeeper.Connections;

/// <summary>How an answer relates to what was asked.</summary>
internal enum AnswerMatch
{
    /// <summary>It is awaited.</summary>
    Awaited,

    /// <summary>Its request has already timed out.</summary>
    Late,

    /// <summary>Nothing of the kind was asked.</summary>
    Unknown,

    /// <summary>It speaks of another ledger or entry than its request.</summary>
    Mismatched,
}

/// <summary>
/// The requests of one connection that wait for answers. One that timed out stays without a receiver until its late answer
/// comes: that must neither count as garbage nor, over v2, answer the same request sent again. Not safe for many threads.
/// </summary>
internal sealed class PendingRequests
{
    private readonly Dictionary<RequestKey, PendingRequest> _requests = [];

    /// <summary>How many wait.</summary>
    public int Count => _requests.Count - Expired;

    /// <summary>How many timed out and have had no late answer.</summary>
    public int Expired { get; private set; }

    /// <summary>The bytes of those that wait.</summary>
    public long Bytes { get; private set; }

    /// <summary>True while an answer to this key is to be expected, in time or late.</summary>
    public bool Contains(in RequestKey key) => _requests.ContainsKey(key);

    public void Add(in RequestKey key, in PendingRequest request)
    {
        _requests.Add(key, request);
        Bytes += request.Bytes;
    }

    /// <summary>Finds and removes the request that waits for an answer, if there is one.</summary>
    public AnswerMatch Take(in Answer answer, out PendingRequest request)
    {
        if (!_requests.TryGetValue(answer.Key, out request))
            return AnswerMatch.Unknown;
        if (!request.IsAnsweredBy(answer))
            return AnswerMatch.Mismatched;
        _requests.Remove(answer.Key);
        if (request.Answers is null)
        {
            Expired--;
            return AnswerMatch.Late;
        }
        Bytes -= request.Bytes;
        return AnswerMatch.Awaited;
    }

    /// <summary>Takes out those whose time is up.</summary>
    public void Expire(long now, List<PendingRequest> expired)
    {
        foreach (var (key, request) in _requests)
        {
            if (request.Answers is null || request.Deadline > now)
                continue;
            expired.Add(request);
            CollectionsMarshal.GetValueRefOrNullRef(_requests, key) = request with { Answers = null };
            Expired++;
            Bytes -= request.Bytes;
        }
    }

    /// <summary>Takes out all that wait.</summary>
    public List<PendingRequest> TakeAll()
    {
        List<PendingRequest> waiting = [.. _requests.Values.Where(request => request.Answers is not null)];
        _requests.Clear();
        (Expired, Bytes) = (0, 0);
        return waiting;
    }
}
