using System.Collections.Concurrent;
using System.Diagnostics;
using Daybook.Servers.Debian;

namespace Daybook.Servers.Processes;

/// <summary>
/// Starts processes that end with this one, however it ends: the kernel kills them (PR_SET_PDEATHSIG). It does so when the thread that
/// started them ends, so one thread that lasts as long as the process starts them all.
/// </summary>
internal static class ProcessStarter
{
    private static readonly BlockingCollection<Action> s_starts = [];
    private static readonly string? s_setpriv = OperatingSystem.IsLinux() ? DebianTool.Find("setpriv") : null;

    static ProcessStarter() => new Thread(Run) { IsBackground = true, Name = "process starter" }.Start();

    internal static Process Start(ProcessStartInfo start)
    {
        if (DebianTool.Find(start.FileName) is null)
            throw new MissingToolException($"'{start.FileName}' is not on this machine.");
        var wrapped = Wrap(start);
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        s_starts.Add(() => Complete(started, wrapped));
        return started.Task.GetAwaiter().GetResult();
    }

    private static void Run()
    {
        foreach (var start in s_starts.GetConsumingEnumerable())
            start();
    }

    private static void Complete(TaskCompletionSource<Process> started, ProcessStartInfo start)
    {
        try
        {
            started.SetResult(Process.Start(start)!);
        }
        catch (Exception failure) when (failure is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            started.SetException(failure);
        }
    }

    private static ProcessStartInfo Wrap(ProcessStartInfo start)
    {
        if (s_setpriv is null)
            return start;
        string[] wrapped = ["--pdeathsig", "KILL", "--", start.FileName, .. start.ArgumentList];
        start.ArgumentList.Clear();
        foreach (var arg in wrapped)
            start.ArgumentList.Add(arg);
        start.FileName = s_setpriv;
        return start;
    }
}
