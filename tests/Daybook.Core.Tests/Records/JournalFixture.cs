using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Daybook.Core.Tests.Records;

/// <summary>Entries as a file holds them: a line <c>= name</c> begins one, hex digits follow, and a comment goes from # to the end of its line.</summary>
internal sealed class JournalFixture
{
    private readonly List<(string Name, byte[] Bytes)> _entries = [];

    /// <summary>Every entry with the name of the ledger it belongs to, in order.</summary>
    public IReadOnlyList<(string Name, byte[] Bytes)> Entries => _entries;

    public IEnumerable<byte[]> Of(string name) => _entries.Where(e => e.Name == name).Select(e => e.Bytes);

    public void Add(string name, IEnumerable<byte[]> entries) => _entries.AddRange(entries.Select(bytes => (name, bytes)));

    public static JournalFixture Read(string file, [CallerFilePath] string here = "")
    {
        var fixture = new JournalFixture();
        var name = "";
        var hex = new StringBuilder();
        foreach (var line in File.ReadLines(Path.Combine(Path.GetDirectoryName(here)!, "Fixtures", file)).Append("="))
        {
            if (!line.StartsWith('='))
            {
                hex.Append(line.Split('#')[0].Replace(" ", "", StringComparison.Ordinal));
                continue;
            }
            if (hex.Length > 0)
                fixture._entries.Add((name, Convert.FromHexString(hex.ToString())));
            hex.Clear();
            name = line[1..].Trim();
        }
        return fixture;
    }

    /// <summary>One line for each entry, to compare and to paste.</summary>
    public override string ToString() =>
        string.Concat(_entries.Select(e => string.Create(CultureInfo.InvariantCulture, $"= {e.Name}\n{Convert.ToHexString(e.Bytes)}\n")));
}
