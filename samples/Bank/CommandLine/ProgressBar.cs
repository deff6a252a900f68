using System.Globalization;
using Bank.Import;

namespace Bank.CommandLine;

/// <summary>Shows the progress of an import: a bar on a terminal, a line for each tenth elsewhere. Safe for many threads.</summary>
internal sealed class ProgressBar(TextWriter output, bool isTerminal, TimeProvider time)
{
    private const int Width = 32;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly long _started = time.GetTimestamp();
    private long _shown;
    private int _tenths;
    private int _done;

    /// <summary>Receives progress; ignores progress older than that shown.</summary>
    public void Report(ImportProgress progress)
    {
        lock (_lock)
        {
            if (progress.Done <= _done)
                return;
            _done = progress.Done;
            if (isTerminal)
                Move(progress);
            else
                Step(progress);
        }
    }

    private void Move(ImportProgress progress)
    {
        var isLast = progress.Done == progress.Total;
        if (!isLast && _shown != 0 && time.GetElapsedTime(_shown) < Interval)
            return;
        _shown = time.GetTimestamp();
        var filled = (int)((long)Width * progress.Done / progress.Total);
        output.Write($"\r  [{new string('#', filled)}{new string('.', Width - filled)}] {Figures(progress)} ");
        if (isLast)
            output.WriteLine();
    }

    private void Step(ImportProgress progress)
    {
        var tenths = (int)(10L * progress.Done / progress.Total);
        if (tenths == _tenths)
            return;
        _tenths = tenths;
        output.WriteLine($"  {tenths * 10,3}% {Figures(progress)}");
    }

    private string Figures(ImportProgress progress)
    {
        var seconds = Math.Max(0.001, time.GetElapsedTime(_started).TotalSeconds);
        return string.Create(CultureInfo.InvariantCulture,
            $"{progress.Done:N0} of {progress.Total:N0} entries, {progress.Done / seconds:N0} a second");
    }
}
