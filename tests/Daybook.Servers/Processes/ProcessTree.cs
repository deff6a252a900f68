using System.Diagnostics;
using System.Globalization;

namespace Daybook.Servers.Processes;

/// <summary>The children of a process, found and killed by their ids.</summary>
internal static class ProcessTree
{
    /// <summary>The ids of the children that a process has now.</summary>
    internal static IReadOnlyList<int> ChildrenOf(int id)
    {
        try
        {
            var ids = File.ReadAllText($"/proc/{id}/task/{id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return [.. ids.Select(i => int.Parse(i, CultureInfo.InvariantCulture))];
        }
        catch (IOException)
        {
            return [];
        }
    }

    /// <summary>Kills processes with SIGKILL and waits until they are gone.</summary>
    internal static async Task KillAsync(IEnumerable<int> ids)
    {
        foreach (var id in ids)
        {
            try
            {
                using var process = Process.GetProcessById(id);
                process.Kill();
                await process.WaitForExitAsync();
            }
            catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
            {
                // It had ended by itself.
            }
        }
    }
}
