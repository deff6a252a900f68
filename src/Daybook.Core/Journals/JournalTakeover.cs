using Daybook.Coordination;
using Daybook.Core.Records;
using Daybook.Ledgers;

namespace Daybook.Core.Journals;

/// <summary>Carries out the effects of <see cref="TakeoverMachine"/>, one after the other.</summary>
internal sealed class JournalTakeover(ILedgerStore ledgers, ICoordinator coordinator, JournalIdentity journal)
{
    private readonly string _key = journal.Key;
    private ILedgerWriter? _writer;

    /// <exception cref="DaybookException"><see cref="ErrorCode.StaleEpoch"/> when another owner was faster.</exception>
    public async ValueTask<Journal> RunAsync(Epoch leaseEpoch, CancellationToken cancellationToken)
    {
        var machine = new TakeoverMachine(leaseEpoch);
        var effect = TakeoverMachine.Start;
        while (true)
        {
            switch (effect)
            {
                case TakeoverEffect.Done done:
                    if (done.Emptied is { } emptied)
                        await ledgers.DeleteAsync(emptied, cancellationToken).ConfigureAwait(false);
                    foreach (var truncated in done.Manifest.Truncated ?? [])
                        await ledgers.DeleteAsync(truncated, cancellationToken).ConfigureAwait(false);
                    return new Journal(ledgers, coordinator, journal, done.Manifest, done.Version, _writer!, done.Next);
                case TakeoverEffect.StepDown down:
                    if (down.Orphan is { } orphan)
                        await ledgers.DeleteAsync(orphan, cancellationToken).ConfigureAwait(false);
                    throw new DaybookException(ErrorCode.StaleEpoch, $"Another owner took over '{_key}' at the same time.");
                default:
                    effect = await StepAsync(machine, effect, cancellationToken).ConfigureAwait(false);
                    break;
            }
        }
    }

    private async ValueTask<TakeoverEffect> StepAsync(TakeoverMachine machine, TakeoverEffect effect, CancellationToken cancellationToken)
    {
        switch (effect)
        {
            case TakeoverEffect.ReadManifest:
                var read = await coordinator.ReadAsync(_key, cancellationToken).ConfigureAwait(false);
                return machine.ManifestRead(read is null ? null : JournalManifest.Parse(_key, read.Value.Span), read?.Version ?? 0);
            case TakeoverEffect.RecoverLedger recover:
                return machine.LedgerRecovered(await RecoverAsync(recover.Ledger.Id, cancellationToken).ConfigureAwait(false));
            case TakeoverEffect.CreateLedger create:
                var origin = journal.Link(create.Epoch, create.First, create.Previous);
                _writer = await ledgers.CreateAsync(origin.ToBytes(), cancellationToken).ConfigureAwait(false);
                return machine.LedgerCreated(_writer.Id);
            case TakeoverEffect.WriteManifest write:
                return await WriteAsync(machine, write, cancellationToken).ConfigureAwait(false);
            default:
                throw new InvalidOperationException($"No step for {effect}.");
        }
    }

    private async ValueTask<TakeoverEffect> WriteAsync(
        TakeoverMachine machine, TakeoverEffect.WriteManifest write, CancellationToken cancellationToken)
    {
        try
        {
            var version = await JournalManifests.WriteAsync(coordinator, _key, write.Manifest, write.ExpectedVersion, cancellationToken)
                .ConfigureAwait(false);
            return _writer is null ? machine.EpochRaised(version) : machine.LedgerListed(version);
        }
        catch (DaybookException e) when (e.Code == ErrorCode.VersionMismatch)
        {
            return machine.WriteLost();
        }
    }

    private async ValueTask<EntryFrame?> RecoverAsync(LedgerId ledger, CancellationToken cancellationToken)
    {
        var reader = await ledgers.RecoverAsync(ledger, cancellationToken).ConfigureAwait(false);
        if (reader.LastAddConfirmed == EntryId.None)
            return null;
        var last = await reader.ReadAsync(reader.LastAddConfirmed, cancellationToken).ConfigureAwait(false);
        return EntryFrame.Open(last.Data.Span, ledger, last.Id);
    }
}
