using System.Collections.Immutable;
using System.Globalization;
using Daybook.BookKeeper.Quorums;

namespace Daybook.BookKeeper.Metadata;

/// <summary>
/// Version 1: lines with Qw, E, length, a line for each segment, and perhaps a last one that marks the ledger as closed or in recovery. There
/// is no ack quorum (it is Qw), digest type or password.
/// </summary>
internal static class LedgerMetadataText
{
    private const long InRecovery = -102;
    private const string Closed = "CLOSED";

    public static LedgerMetadata Decode(LedgerId ledger, string text)
    {
        var lines = text.Split('\n');
        if (lines.Length < 4)
            throw new FormatException($"there are {lines.Length} lines");
        var write = (int)Number(lines[0], int.MaxValue);
        var ensemble = (int)Number(lines[1], int.MaxValue);
        var length = Number(lines[2], long.MaxValue);
        var segments = ImmutableArray.CreateBuilder<EnsembleSegment>();
        var (state, last) = (LedgerState.Open, EntryId.None);
        foreach (var line in lines.Skip(3).TakeWhile(line => line.Length > 0))
        {
            var parts = line.Split('\t');
            if (state != LedgerState.Open)
                throw new FormatException("a line follows the last one");
            var first = Number(parts[0], long.MaxValue);
            if (parts is not [_, Closed])
                segments.Add(new EnsembleSegment(new EntryId(first), [.. parts.Skip(1).Select(part => new BookieId(part))]));
            else
                (state, last) = first == InRecovery ? (LedgerState.InRecovery, EntryId.None) : (LedgerState.Closed, new EntryId(first));
        }
        return new LedgerMetadata
        {
            Ledger = ledger,
            Sizes = new QuorumSizes(ensemble, write, write),
            State = state,
            LastEntry = last,
            Length = state == LedgerState.Closed ? length : 0,
            Segments = segments.ToImmutable(),
        };
    }

    private static long Number(string text, long most) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value <= most && value >= -most
            ? value
            : throw new FormatException($"'{text[..Math.Min(text.Length, 40)]}' is no number");
}
