namespace Daybook;

/// <summary>
/// A write whose outcome is unknown: it may have been carried out. Thrown by contracts below the command API (there the same is the value
/// <see cref="Outcome.InDoubt"/>). The caller must re-read authoritative state before it decides anything (invariants T6, L15).
/// </summary>
public sealed class InDoubtException(ErrorCode code, string message, Exception? inner = null) : DaybookException(code, message, inner);
