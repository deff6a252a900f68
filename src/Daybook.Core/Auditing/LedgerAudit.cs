using System.Text;
using Daybook.Coordination;
using Daybook.Core.Journals;
using Daybook.Ledgers;

namespace Daybook.Core.Auditing;

/// <summary>
/// Compares a store's ledgers with the coordinator's manifests before a book is opened on them. Ledgers with records that no manifest names, and
/// manifests that name what is not there, show that records were removed or put back from an older copy; opening would hide events and then write
/// over them. So does a ledger of a later epoch than its manifest, though it holds nothing: that epoch would be given to a second owner
/// (invariant F3). Changes nothing.
/// </summary>
/// <remarks>
/// A crash leaves none of these: a ledger is created only once the manifest has its epoch, written to only once the manifest names it, and
/// deleted only once it does not. It may leave ledgers that
/// nothing names and that hold no records; those are collected by their partition's next owner. Ledgers are read before manifests, so that what
/// another process adds meanwhile is no finding.
/// </remarks>
internal sealed class LedgerAudit(ILedgerStore ledgers, ICoordinator coordinator)
{
    private const int MostProblems = 5;

    /// <exception cref="DaybookException"><see cref="ErrorCode.Corrupted"/>, naming ledgers and manifests.</exception>
    public async ValueTask<IReadOnlyList<FoundLedger>> RunAsync(CancellationToken cancellationToken)
    {
        var (unnamed, problems) = await ExamineAsync(cancellationToken).ConfigureAwait(false);
        return problems.Count == 0 ? unnamed : throw Mismatch(problems);
    }

    /// <returns>The ledgers that nothing names and that hold no records; and what does not belong together.</returns>
    public async ValueTask<(IReadOnlyList<FoundLedger> Unnamed, IReadOnlyList<string> Problems)> ExamineAsync(CancellationToken cancellationToken)
    {
        if (!ledgers.ListsLocally && await AnyManifestAsync(cancellationToken).ConfigureAwait(false))
            return ([], []);
        var found = await FoundLedger.AllAsync(ledgers, cancellationToken).ConfigureAwait(false);
        var manifests = await ReadManifestsAsync(coordinator, cancellationToken).ConfigureAwait(false);
        var problems = new List<string>();
        foreach (var (key, manifest) in manifests)
            await CheckAsync(key, manifest, found, problems, cancellationToken).ConfigureAwait(false);
        await CheckEpochsAsync(manifests, found, problems, cancellationToken).ConfigureAwait(false);
        var named = manifests.Values.SelectMany(manifest => manifest.Named).ToHashSet();
        var unnamed = found.Where(ledger => !named.Contains(ledger.Id)).ToList();
        foreach (var ledger in unnamed)
        {
            if (await HoldsRecordsAsync(ledger, cancellationToken).ConfigureAwait(false))
                problems.Add($"{ledger} holds records, and no manifest names it");
        }
        return (unnamed, problems);
    }

    /// <summary>What does not fit, in one sentence.</summary>
    public static string Describe(IReadOnlyList<string> problems) =>
        $"The ledgers and the coordination records do not belong together: {string.Join("; ", problems.Take(MostProblems))}"
        + $"{(problems.Count > MostProblems ? $"; and {problems.Count - MostProblems} more" : "")}.";

    /// <summary>The manifests by their keys.</summary>
    public static async ValueTask<IReadOnlyDictionary<string, JournalManifest>> ReadManifestsAsync(
        ICoordinator coordinator, CancellationToken cancellationToken)
    {
        var manifests = new SortedDictionary<string, JournalManifest>(StringComparer.Ordinal);
        foreach (var key in await coordinator.ListAsync(JournalIdentity.Prefix, cancellationToken).ConfigureAwait(false))
        {
            if (await coordinator.ReadAsync(key, cancellationToken).ConfigureAwait(false) is { } record)
                manifests[key] = JournalManifest.Parse(key, record.Value.Span);
        }
        return manifests;
    }

    private static DaybookException Mismatch(IReadOnlyList<string> problems) => new(
        ErrorCode.Corrupted,
        $"{Describe(problems)} Records were removed, or an older copy was put in their place. Nothing was changed. Put back the records that belong to these ledgers, "
        + "or run 'daybook doctor --data FOLDER', which shows what 'daybook repair' can restore from the ledgers and what would be lost.");

    private async ValueTask<bool> AnyManifestAsync(CancellationToken cancellationToken) =>
        (await coordinator.ListAsync(JournalIdentity.Prefix, cancellationToken).ConfigureAwait(false)).Count > 0;

    private async ValueTask CheckAsync(
        string key, JournalManifest manifest, List<FoundLedger> found, List<string> problems, CancellationToken cancellationToken)
    {
        foreach (var link in manifest.Ledgers)
        {
            var ledger = found.Find(each => each.Id == link.Id)
                ?? await FoundLedger.FindAsync(ledgers, link.Id, cancellationToken).ConfigureAwait(false);
            if (ledger is null && await IsStillNamedAsync(key, link, cancellationToken).ConfigureAwait(false))
                problems.Add($"the manifest '{key}' names ledger {link.Id}, which does not exist");
            else if (ledger?.Origin is { } origin && $"{JournalIdentity.Prefix}/{origin.Partition}" != key)
                problems.Add($"the manifest '{key}' names {ledger}, which belongs to another partition");
        }
    }

    /// <summary>Ledgers of other books in the store, which hold nothing that is read, have epochs of their own.</summary>
    private async ValueTask CheckEpochsAsync(
        IReadOnlyDictionary<string, JournalManifest> manifests, List<FoundLedger> found, List<string> problems, CancellationToken cancellationToken)
    {
        if (await coordinator.ReadAsync(BookIdentity.Key, cancellationToken).ConfigureAwait(false) is not { } id)
            return;
        var book = Encoding.ASCII.GetString(id.Value.Span);
        foreach (var ledger in found.Where(ledger => ledger.Origin?.Book.ToString("D") == book))
        {
            var key = $"{JournalIdentity.Prefix}/{ledger.Origin!.Partition}";
            var epoch = manifests.GetValueOrDefault(key)?.Epoch ?? default;
            if (ledger.Origin.Epoch > epoch)
                problems.Add($"{ledger} is of a later epoch than the manifest '{key}' with epoch {epoch}");
        }
    }

    private async ValueTask<bool> IsStillNamedAsync(string key, JournalLedger link, CancellationToken cancellationToken) =>
        await coordinator.ReadAsync(key, cancellationToken).ConfigureAwait(false) is { } record
        && JournalManifest.Parse(key, record.Value.Span).Find(link.Id) is not null;

    private async ValueTask<bool> HoldsRecordsAsync(FoundLedger ledger, CancellationToken cancellationToken)
    {
        try
        {
            return await ledger.HoldsRecordsAsync(ledgers, cancellationToken).ConfigureAwait(false)
                && await FoundLedger.FindAsync(ledgers, ledger.Id, cancellationToken).ConfigureAwait(false) is not null;
        }
        catch (DaybookException e) when (e.Code == ErrorCode.NoSuchLedger)
        {
            return false;
        }
    }
}
