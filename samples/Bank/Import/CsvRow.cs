namespace Bank.Import;

/// <summary>A record below a header: cells by the names of their columns.</summary>
public sealed class CsvRow
{
    private readonly CsvHeader _header;
    private readonly CsvRecord _record;

    /// <summary>Pairs a record with its header.</summary>
    /// <exception cref="JournalFormatException">It has more or fewer cells than the header.</exception>
    public CsvRow(CsvHeader header, CsvRecord record)
    {
        if (record.Cells.Count != header.Count)
            throw new JournalFormatException(record.Place, null,
                $"it has {record.Cells.Count} cells where the header has {header.Count}");
        (_header, _record) = (header, record);
    }

    /// <summary>Its place in the file.</summary>
    public CsvPlace Place => _record.Place;

    /// <summary>The cell in a column that the header has.</summary>
    public string this[string field] => _record.Cells[_header.IndexOf(field)];

    /// <summary>The error that names this row and one of its fields.</summary>
    public JournalFormatException Problem(string field, string problem) => new(Place, field, problem);
}

/// <summary>The places of the columns.</summary>
public sealed class CsvHeader(CsvRecord record)
{
    private readonly Dictionary<string, int> _index = record.Cells
        .Select((name, index) => (name, index))
        .ToDictionary(x => x.name, x => x.index, StringComparer.OrdinalIgnoreCase);

    /// <summary>How many columns there are.</summary>
    public int Count => record.Cells.Count;

    /// <summary>The place of a column that exists.</summary>
    public int IndexOf(string field) => _index[field];
}
