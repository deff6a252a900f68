using Daybook.Embedded.Store.Format;

namespace Daybook.Embedded.Store.Log;

/// <summary>A record on its way into the log; its task completes when it is durable.</summary>
/// <param name="kind">Its kind.</param>
/// <param name="ledger">The ledger it is about.</param>
/// <param name="payload">Belongs to the log until the task completes.</param>
/// <param name="payloadCrc">CRC-32C of the payload.</param>
internal sealed class LogOperation(RecordKind kind, LedgerState ledger, ReadOnlyMemory<byte> payload, uint payloadCrc)
    : TaskCompletionSource<EntryId>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public RecordKind Kind => kind;

    public LedgerState Ledger => ledger;

    /// <summary>Given under the gate, together with the place in the log.</summary>
    public EntryId Entry { get; set; } = EntryId.None;

    public ReadOnlyMemory<byte> Payload => payload;

    public uint PayloadCrc => payloadCrc;

    public long RecordSize => RecordHeader.SizeOf(payload.Length);
}
