using System.Globalization;
using Bank.Accounts;
using Bank.Entries;
using Daybook.Projections;

namespace Bank.ReadModels;

/// <summary>The streams in which a movement of money has events.</summary>
/// <param name="Accounts">The accounts, each once.</param>
/// <param name="Entry">The journal entry that it is; null for any other movement.</param>
public sealed record LoggedMovement(IReadOnlyList<AccountId> Accounts, JournalEntryId? Entry);

/// <summary>Everything that moved money, by the time at which it was recorded.</summary>
[Projection("movement_log", Version = 1)]
public sealed class MovementLog : IDocumentProjection<LoggedMovement>
{
    /// <inheritdoc/>
    public IEnumerable<string> KeysOf(ProjectedEvent projected)
    {
        var metadata = projected.Recorded.Metadata;
        return Movements.IsFirstOf(projected.Body)
            ? [string.Create(CultureInfo.InvariantCulture, $"{metadata.Time.UtcTicks:D19}-{metadata.CommandId}")]
            : [];
    }

    /// <inheritdoc/>
    public LoggedMovement? Apply(string key, LoggedMovement? document, ProjectedEvent projected) => projected.Body switch
    {
        EntryRecorded e => new LoggedMovement([.. e.Postings.Select(posting => posting.Account).Distinct()], e.Entry),
        TransferSent e => new LoggedMovement([AccountOf(projected), e.To], null),
        _ => new LoggedMovement([AccountOf(projected)], null),
    };

    private static AccountId AccountOf(ProjectedEvent projected) => AccountId.Of(projected.Recorded.Stream)!.Value;
}
