namespace Daybook.Embedded.Store;

/// <summary>The errors of the file store, worded once.</summary>
internal static class StoreErrors
{
    public static DaybookException Damaged(string path, long offset, string what) =>
        new(ErrorCode.Corrupted, $"File '{path}' is damaged at offset {offset}: {what}.");

    public static DaybookException Missing(string folder, string what) =>
        new(ErrorCode.Corrupted, $"Folder '{folder}' lacks {what}; a file was removed from it.");

    public static DaybookException Stopped(Exception cause) =>
        new(ErrorCode.StoreFailed, $"The ledger store has stopped and must be opened again: {cause.Message}", cause);

    /// <summary>For what was in flight when the store stopped.</summary>
    public static InDoubtException InDoubt(Exception cause) =>
        new(ErrorCode.StoreFailed, $"The ledger store has stopped; this may or may not have been written: {cause.Message}", cause);

    public static DaybookException Unreadable(string path, Exception cause) =>
        new(ErrorCode.StoreFailed, $"File '{path}' could not be read: {cause.Message}", cause);

    public static DaybookException Disposed() => new(ErrorCode.Closed, "The ledger store is closed.");
}
