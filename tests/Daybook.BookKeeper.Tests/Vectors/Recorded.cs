using System.Globalization;
using System.Text.RegularExpressions;

namespace Daybook.BookKeeper.Tests.Vectors;

/// <summary>Bytes recorded from bookies of Apache BookKeeper 4.17.4, its Java client and ZooKeeper 3.8.0.</summary>
internal static partial class Recorded
{
    /// <summary>What was sent to a real bookie and what it answered, by the name of the probe; null where no bytes were kept.</summary>
    public static IReadOnlyDictionary<string, (byte[]? Sent, byte[]? Received)> Frames { get; } = ReadFrames();

    /// <summary>The statuses that bookies answered in v3, by the name of the probe: outer status, and the inner message's numbers.</summary>
    public static IReadOnlyDictionary<string, int> Statuses { get; } = Lines("frames")
        .Select(line => Status().Match(line)).Where(match => match.Success)
        .ToDictionary(match => match.Groups[1].Value.Trim(), match => int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));

    /// <summary>Entries as the Java client wrote them with the password "secret".</summary>
    public static IReadOnlyList<(long Ledger, string Digest, long Entry, long Lac, byte[] Bytes)> Entries { get; } =
    [
        .. Lines("entries").Select(line => Entry().Match(line)).Where(match => match.Success).Select(match => (
            Long(match, 1), match.Groups[2].Value, Long(match, 3), Long(match, 4), Convert.FromHexString(match.Groups[5].Value))),
    ];

    /// <summary>Nodes of ZooKeeper with their values, of both layouts.</summary>
    public static IReadOnlyDictionary<string, byte[]> Nodes { get; } = ReadNodes();

    public static byte[] Sent(string probe) => Frames[probe].Sent!;

    /// <summary>The payload of an answer; the recordings leave its length prefix out.</summary>
    public static byte[] Received(string probe) => Frames[probe].Received!;

    private static Dictionary<string, (byte[]?, byte[]?)> ReadFrames()
    {
        var frames = new Dictionary<string, (byte[]?, byte[]?)>();
        var name = "";
        foreach (var line in Lines("frames"))
        {
            if (!line.StartsWith(' '))
                name = Wide().Split(line)[0];
            var (sent, received) = frames.GetValueOrDefault(name);
            if (Hex("sent", line) is { } bytes)
                sent = bytes;
            if (Hex("recv", line) is { } answer)
                received = answer;
            frames[name] = (sent, received);
        }
        return frames;
    }

    private static Dictionary<string, byte[]> ReadNodes()
    {
        var nodes = new Dictionary<string, byte[]>();
        var path = "";
        foreach (var line in Lines("nodes").Concat(Lines("nodes-long")))
        {
            if (line.StartsWith('/'))
                nodes[path = line.Split(' ')[0]] = [];
            else if (Dump().Match(line) is { Success: true } dump)
                nodes[path] = [.. nodes[path], .. Convert.FromHexString(dump.Groups[1].Value.Replace(" ", "", StringComparison.Ordinal))];
        }
        return nodes;
    }

    private static byte[]? Hex(string what, string line) =>
        Regex.Match(line, $@"\b{what} ([0-9a-f]{{8,}})") is { Success: true } match ? Convert.FromHexString(match.Groups[1].Value) : null;

    private static long Long(Match match, int group) => long.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    private static string[] Lines(string name)
    {
        using var reader = new StreamReader(typeof(Recorded).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    [GeneratedRegex(@"^(v3 \S.*?|  then \S.*?|FENCE.*?|ADD after.*?|RECOVERY_ADD.*?|WRITE_LAC.*?)  +\((\d+), [{N]")]
    private static partial Regex Status();

    [GeneratedRegex(@"^ledger (\d+) (\w+) entry (\d+) LAC (-?\d+) ([0-9a-f]+)$")]
    private static partial Regex Entry();

    [GeneratedRegex(@"^    [0-9a-f]{4}  ((?:[0-9a-f]{2} )+)")]
    private static partial Regex Dump();

    [GeneratedRegex(@"\s{2,}(?=[({C])")]
    private static partial Regex Wide();
}
