using System.Text.RegularExpressions;

namespace Daybook.Bookie.Tests.Probes;

/// <summary>Frames that were sent to a bookie of Apache BookKeeper 4.17.4, with their length prefix, and its answers, without.</summary>
internal static class Recorded
{
    private static readonly string[] s_lines = ReadLines();

    public static byte[] Sent(string probe) => Find(probe, "sent");

    public static byte[] Received(string probe) => Find(probe, "recv");

    private static byte[] Find(string probe, string what)
    {
        var start = Array.FindIndex(s_lines, line => line.StartsWith(probe, StringComparison.Ordinal));
        foreach (var line in s_lines[(start + 1)..].TakeWhile(line => line.StartsWith(' ')))
        {
            if (Regex.Match(line, $@"\b{what} ([0-9a-f]{{8,}})") is { Success: true } match)
                return Convert.FromHexString(match.Groups[1].Value);
        }
        throw new InvalidOperationException($"No bytes were recorded for '{probe}', {what}.");
    }

    private static string[] ReadLines()
    {
        using var reader = new StreamReader(typeof(Recorded).Assembly.GetManifestResourceStream("frames")!);
        return reader.ReadToEnd().Split('\n');
    }
}
