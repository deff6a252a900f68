namespace Daybook.BookKeeper.Metadata;

/// <summary>What is wrong with metadata, worded once.</summary>
internal static class LedgerMetadataErrors
{
    public static BookKeeperException Bad(LedgerId ledger, string problem, Exception? inner = null) =>
        new(BookKeeperError.BadMetadata, $"its metadata make no sense: {problem}", ledger, inner: inner);

    public static BookKeeperException Missing(LedgerId ledger, Exception? inner = null) =>
        new(BookKeeperError.NoSuchLedgerMetadata, "there is no such ledger; it never existed, or was deleted", ledger, inner: inner);

    /// <summary>The first thing that is wrong, or null.</summary>
    public static string? ProblemOf(LedgerMetadata metadata) =>
        metadata.Sizes.Problem
        ?? ProblemOfState(metadata)
        ?? ProblemOfSegments(metadata)
        ?? (metadata.Digest is { } digest && !Enum.IsDefined(digest) ? $"{(int)digest} is no digest type" : null);

    private static string? ProblemOfState(LedgerMetadata metadata) => metadata switch
    {
        { Length: < 0 } => $"the length is {metadata.Length}",
        _ when metadata.LastEntry < EntryId.None => $"the last entry is {metadata.LastEntry}",
        { State: LedgerState.Closed } => null,
        { State: LedgerState.Open or LedgerState.InRecovery, Length: 0 } when metadata.LastEntry == EntryId.None => null,
        { State: LedgerState.Open or LedgerState.InRecovery } => "it has a last entry or a length but is not closed",
        _ => $"{(int)metadata.State} is no state",
    };

    private static string? ProblemOfSegments(LedgerMetadata metadata)
    {
        var segments = metadata.Segments;
        if (segments.IsDefaultOrEmpty || segments[0].First != new EntryId(0))
            return "no bookies are named for entry 0";
        for (var i = 0; i < segments.Length; i++)
        {
            var bookies = segments[i].Bookies;
            if (i > 0 && segments[i].First <= segments[i - 1].First)
                return $"the segment of entry {segments[i].First} follows that of entry {segments[i - 1].First}";
            if (bookies.Length != metadata.Sizes.Ensemble)
                return $"the segment of entry {segments[i].First} names {bookies.Length} bookies of an ensemble of {metadata.Sizes.Ensemble}";
            if (bookies.Any(bookie => string.IsNullOrEmpty(bookie.Value)) || bookies.Distinct().Count() != bookies.Length)
                return $"the segment of entry {segments[i].First} names a bookie twice, or none";
        }
        return null;
    }
}
