namespace Daybook.Projections;

/// <summary>Waiting where there are several builds of a projection.</summary>
internal static class BuildWaits
{
    /// <summary>
    /// Waits until readers see the record at an offset, whichever build they see by then. Readers can be switched only to a build that has
    /// reached the end of the journal on every partition, and hear of it before this host does; so those that have are waited for too,
    /// and one that reaches it later has then applied what was there when the waiting began.
    /// </summary>
    internal static Task ShownAsync(AttachedBuild[] builds, JournalOffset offset, CancellationToken cancellationToken)
    {
        var waits = builds.Where(b => b.IsCurrent || (b.IsWhole && b.Runner.HasCaughtUp))
            .Select(b => b.IsCurrent ? b.Runner.WaitForAsync(offset, cancellationToken) : UnlessHaltedAsync(b.Runner, offset, cancellationToken)).ToArray();
        return waits.Length switch
        {
            0 => builds[0].Runner.WaitForAsync(offset, cancellationToken),
            1 => waits[0],
            _ => Task.WhenAll(waits),
        };
    }

    /// <summary>Waits until one build has applied the record at an offset.</summary>
    internal static Task AppliedAsync(AttachedBuild[] builds, ProjectionBuild build, JournalOffset offset, CancellationToken cancellationToken) =>
        builds.FirstOrDefault(b => b.IsOf(build))?.Runner.WaitForAsync(offset, cancellationToken) ?? Task.CompletedTask;

    private static async Task UnlessHaltedAsync(ProjectionRunner runner, JournalOffset offset, CancellationToken cancellationToken)
    {
        try
        {
            await runner.WaitForAsync(offset, cancellationToken).ConfigureAwait(false);
        }
        catch (DaybookException)
        {
            // It is parked or was ended, and nobody is switched to it then.
        }
    }
}
