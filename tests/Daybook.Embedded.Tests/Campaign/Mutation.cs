namespace Daybook.Embedded.Tests.Campaign;

/// <summary>One change to a closed book, decided by a seed: damage, loss, an exchange, or something put back from an older copy.</summary>
internal sealed class Mutation
{
    private static readonly string[] s_folders = ["coordination", "ledgers", "ledgers/segments"];
    private readonly Random _random;
    private readonly string _folder;
    private readonly CampaignBook _book;
    private readonly List<string> _files;

    private Mutation(int seed, string folder, CampaignBook book)
    {
        (_random, _folder, _book) = (new Random(seed), folder, book);
        _files = [.. FilesOf(folder)];
        What = Apply();
    }

    /// <summary>What was done, for the message of a failure.</summary>
    public string What { get; }

    public static Mutation Of(int seed, string folder, CampaignBook book) => new(seed, folder, book);

    /// <summary>The files of a book, without its locks, relative to its folder.</summary>
    public static IEnumerable<string> FilesOf(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(folder, path)).Where(name => Path.GetFileName(name) != "LOCK").Order(StringComparer.Ordinal);

    private string Apply() => _random.Next(17) switch
    {
        0 or 1 or 2 or 3 => Changed("one bit is flipped", FlipBit),
        4 => Changed("it is cut", bytes => bytes[..Offset(bytes)]),
        5 => Changed("it is emptied", _ => []),
        6 => Changed("a range is zeroed", bytes => Fill(bytes, (_, _) => 0)),
        7 => Changed("all of it is zeroed", bytes => new byte[bytes.Length]),
        8 => Changed("a range is repeated elsewhere", Repeat),
        9 => Changed("garbage follows it", bytes => [.. bytes, .. Fill(new byte[1 + _random.Next(5000)], (_, _) => (byte)_random.Next(256))]),
        10 => Removed(),
        11 => Swapped(),
        12 => Copied(),
        13 => Renamed(),
        14 => RemovedFolder(),
        15 => RolledBack(),
        _ => RolledBackFolder(),
    };

    private string Changed(string how, Func<byte[], byte[]> change)
    {
        var file = Pick();
        File.WriteAllBytes(At(file), change(File.ReadAllBytes(At(file))));
        return $"{file}: {how}";
    }

    private byte[] FlipBit(byte[] bytes)
    {
        if (bytes.Length > 0)
            bytes[Offset(bytes)] ^= (byte)(1 << _random.Next(8));
        return bytes;
    }

    private byte[] Fill(byte[] bytes, Func<byte, int, byte> value)
    {
        var (from, count) = (Offset(bytes), 1 + _random.Next(4096));
        for (var i = bytes.Length < count ? 0 : from; i < Math.Min(bytes.Length, from + count); i++)
            bytes[i] = value(bytes[i], i);
        return bytes;
    }

    private byte[] Repeat(byte[] bytes)
    {
        var (from, to) = (Offset(bytes), Offset(bytes));
        var count = Math.Min(1 + _random.Next(8192), bytes.Length - Math.Max(from, to));
        bytes.AsSpan(from, Math.Max(count, 0)).ToArray().CopyTo(bytes, to);
        return bytes;
    }

    /// <summary>Mostly a place with data, for the reserved part of a segment is large.</summary>
    private int Offset(byte[] bytes)
    {
        if (bytes.Length == 0)
            return 0;
        var used = bytes.AsSpan().LastIndexOfAnyExcept((byte)0) + 1;
        return _random.Next(4) == 0 || used == 0 ? _random.Next(bytes.Length) : _random.Next(used);
    }

    private string Removed()
    {
        var file = Pick();
        File.Delete(At(file));
        return $"{file} is removed";
    }

    private string Swapped()
    {
        var one = PickNoDocuments();
        var other = PickNoDocuments(but: one);
        var bytes = File.ReadAllBytes(At(one));
        File.Copy(At(other), At(one), overwrite: true);
        File.WriteAllBytes(At(other), bytes);
        return $"{one} and {other} are swapped";
    }

    private string Copied()
    {
        var segments = _files.Where(file => file.EndsWith(".log", StringComparison.Ordinal)).ToList();
        var from = segments[_random.Next(segments.Count)];
        var to = Enumerable.Range(1, segments.Count + 1).Select(number => $"ledgers/segments/{number:D10}.log").Where(file => file != from).ToList()[
            _random.Next(segments.Count)];
        File.Copy(At(from), At(to), overwrite: true);
        return $"{from} is copied to {to}";
    }

    private string Renamed()
    {
        var file = PickNoDocuments();
        File.Move(At(file), At(file) + ".tmp");
        return $"{file} is renamed to *.tmp";
    }

    private string RemovedFolder()
    {
        var folder = s_folders[_random.Next(s_folders.Length)];
        Directory.Delete(At(folder), recursive: true);
        return $"{folder} is removed";
    }

    private string RolledBack()
    {
        var older = _random.Next(_book.Older.Count);
        var files = FilesOf(_book.OlderFolder(older)).Where(file => !file.EndsWith("-shm", StringComparison.Ordinal)).ToList();
        var file = files[_random.Next(files.Count)];
        File.Copy(Path.Combine(_book.OlderFolder(older), file), At(file), overwrite: true);
        return $"{file} is that of {_book.Older[older]}";
    }

    private string RolledBackFolder()
    {
        var (older, folder) = (_random.Next(_book.Older.Count), s_folders[_random.Next(s_folders.Length)]);
        Directory.Delete(At(folder), recursive: true);
        TemporaryFolder.Copy(Path.Combine(_book.OlderFolder(older), folder), At(folder));
        return $"{folder} is that of {_book.Older[older]}";
    }

    private string Pick() => _files[_random.Next(_files.Count)];

    private string PickNoDocuments(string? but = null)
    {
        var files = _files.Where(file => file != but && !file.StartsWith("read-models", StringComparison.Ordinal)).ToList();
        return files[_random.Next(files.Count)];
    }

    private string At(string file) => Path.Combine(_folder, file);
}
