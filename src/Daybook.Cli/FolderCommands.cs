using Daybook.Coordination;
using Daybook.Core.Auditing;
using Daybook.Embedded.Coordination;
using Daybook.Embedded.Store;
using Daybook.Ledgers;
using Daybook.Memory;

namespace Daybook.Cli;

/// <summary>
/// <c>daybook doctor</c> checks that the ledgers and the coordination records in a book's folder belong together; <c>daybook repair</c>
/// rebuilds manifests from ledgers where they do not. The book must be closed.
/// </summary>
internal static class FolderCommands
{
    public const string Usage = """
        daybook doctor --data FOLDER            check that ledgers and records of a closed book belong together
        daybook repair --data FOLDER [--apply]  show the records that the ledgers yield and what would be lost; --apply writes them
          they return 0 when the book can be opened, 1 when ledgers and records do not belong together, 2 on failure
        """;

    private const int Whole = 0;
    private const int Found = 1;
    private const int Failed = 2;

    /// <summary>Whether a word is one of these commands.</summary>
    public static bool Takes(string command) => command is "doctor" or "repair";

    /// <returns>0 when ledgers and records allow the book to open; 1 when they do not, or were not repaired; 2 on failure, with the cause
    /// on <paramref name="error"/>.</returns>
    public static async Task<int> RunAsync(string folder, bool apply, TextWriter output, TextWriter error)
    {
        try
        {
            var data = Path.GetFullPath(folder);
            if (!File.Exists(Path.Combine(data, "ledgers", "FORMAT")))
                throw new DaybookException(ErrorCode.InvalidArgument, $"Folder '{data}' holds no ledgers; name the folder that was passed to UseEmbedded.");
            await using var ledgers = await EmbeddedLedgerStore.OpenAsync(Path.Combine(data, "ledgers")).ConfigureAwait(false);
            var records = Path.Combine(data, "coordination");
            if (!apply && !File.Exists(Path.Combine(records, "FORMAT")))
                return await ExamineAsync(ledgers, new MemoryCoordinator(), apply, output).ConfigureAwait(false);
            await using var coordinator = await LocalCoordinator.OpenAsync(records).ConfigureAwait(false);
            return await ExamineAsync(ledgers, coordinator, apply, output).ConfigureAwait(false);
        }
        catch (DaybookException failed)
        {
            await error.WriteLineAsync($"daybook: {failed.Message}").ConfigureAwait(false);
            return Failed;
        }
    }

    private static async Task<int> ExamineAsync(ILedgerStore ledgers, ICoordinator coordinator, bool apply, TextWriter output) =>
        await new BookDoctor(ledgers, coordinator, output.WriteLine).RunAsync(apply, CancellationToken.None).ConfigureAwait(false) ? Whole : Found;
}
