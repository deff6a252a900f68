using System.Collections.Immutable;
using Daybook.BookKeeper.Metadata.Proto;
using Daybook.BookKeeper.Quorums;
using Google.Protobuf;

namespace Daybook.BookKeeper.Metadata;

/// <summary>Between the message of versions 2 and 3 and what Daybook works with.</summary>
internal static class LedgerMetadataMessage
{
    public static LedgerMetadata Read(LedgerId ledger, LedgerMetadataFormat message)
    {
        var isClosed = message.State == LedgerMetadataFormat.Types.State.Closed;
        if (isClosed && !message.HasLastEntryId)
            throw new FormatException("a closed ledger has no last entry");
        return new LedgerMetadata
        {
            Ledger = ledger,
            Sizes = new QuorumSizes(message.EnsembleSize, message.QuorumSize, message.HasAckQuorumSize ? message.AckQuorumSize : message.QuorumSize),
            State = (LedgerState)message.State,
            LastEntry = isClosed ? new EntryId(message.LastEntryId) : EntryId.None,
            Length = isClosed ? message.Length : 0,
            Segments = [.. message.Segment.Select(SegmentOf)],
            Digest = message.HasDigestType ? (DigestType)message.DigestType : null,
            Password = message.HasPassword ? message.Password.Memory : null,
            CreationTime = message.HasCtime ? message.Ctime : null,
            Custom = message.CustomMetadata.Aggregate(
                ImmutableSortedDictionary<string, ReadOnlyMemory<byte>>.Empty.WithComparers(StringComparer.Ordinal),
                (all, entry) => all.SetItem(entry.Key, entry.Value.Memory)),
            CreationToken = message.CToken,
            Source = message,
        };
    }

    public static LedgerMetadataFormat Write(LedgerMetadata metadata)
    {
        var message = metadata.Source?.Clone() ?? New(metadata);
        message.QuorumSize = metadata.Sizes.Write;
        message.EnsembleSize = metadata.Sizes.Ensemble;
        message.AckQuorumSize = metadata.Sizes.Ack;
        message.Length = metadata.Length;
        message.LastEntryId = metadata.LastEntry.Value;
        message.State = (LedgerMetadataFormat.Types.State)metadata.State;
        message.CToken = metadata.CreationToken;
        // A segment that stays is written back as it was read, with what this version does not understand.
        var known = message.Segment.ToList();
        message.Segment.Clear();
        message.Segment.Add(metadata.Segments.Select(segment => known.Find(old => Same(old, segment)) ?? MessageOf(segment)));
        return message;
    }

    private static LedgerMetadataFormat New(LedgerMetadata metadata)
    {
        var message = new LedgerMetadataFormat();
        if (metadata.Digest is { } digest)
            message.DigestType = (LedgerMetadataFormat.Types.DigestType)digest;
        if (metadata.Password is { } password)
            message.Password = ByteString.CopyFrom(password.Span);
        if (metadata.CreationTime is { } time)
            message.Ctime = time;
        message.CustomMetadata.Add(metadata.Custom.Select(entry =>
            new LedgerMetadataFormat.Types.CustomMetadataEntry { Key = entry.Key, Value = ByteString.CopyFrom(entry.Value.Span) }));
        return message;
    }

    private static EnsembleSegment SegmentOf(LedgerMetadataFormat.Types.Segment segment) =>
        new(new EntryId(segment.FirstEntryId), [.. segment.EnsembleMember.Select(member => new BookieId(member))]);

    private static LedgerMetadataFormat.Types.Segment MessageOf(EnsembleSegment segment)
    {
        var message = new LedgerMetadataFormat.Types.Segment { FirstEntryId = segment.First.Value };
        message.EnsembleMember.Add(segment.Bookies.Select(bookie => bookie.Value));
        return message;
    }

    private static bool Same(LedgerMetadataFormat.Types.Segment message, EnsembleSegment segment) =>
        message.FirstEntryId == segment.First.Value && message.EnsembleMember.SequenceEqual(segment.Bookies.Select(bookie => bookie.Value));
}
