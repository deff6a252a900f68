using System.Text;

namespace Bank.Import;

/// <summary>
/// RFC 4180, one character at a time. Beyond the RFC, cells may be padded with spaces (inside or outside of their quotes), lines may end
/// in LF, empty lines are skipped, and the separator may be another one.
/// </summary>
internal sealed class CsvParser(string file, char separator)
{
    private const int MaxCellLength = 1 << 20;

    private readonly StringBuilder _cell = new();
    private readonly List<string> _cells = [];
    private State _state = State.CellStart;
    private int _line = 1;
    private int _row = 1;
    private bool _afterCarriageReturn;

    private enum State
    {
        CellStart,
        Plain,
        Quoted,
        QuoteInQuoted,
        AfterQuoted,
    }

    private CsvPlace Place => new(file, _row);

    /// <summary>Takes the next character; returns the record that it completes, if any.</summary>
    public CsvRecord? Push(char c)
    {
        var completesCrLf = c == '\n' && _afterCarriageReturn;
        _afterCarriageReturn = c == '\r';
        if (completesCrLf && _state != State.Quoted)
            return null;
        if (c is '\r' or '\n' && !completesCrLf)
            _line++;
        return _state == State.Quoted ? InQuotes(c) : OutsideQuotes(c);
    }

    /// <summary>Ends the file; returns the last record when no line end closed it.</summary>
    /// <exception cref="JournalFormatException">A quoted cell is still open.</exception>
    public CsvRecord? Finish() => _state == State.Quoted
        ? throw new JournalFormatException(Place, null, "a quoted cell is never closed")
        : EndRecord();

    private CsvRecord? InQuotes(char c)
    {
        if (c == '"')
            _state = State.QuoteInQuoted;
        else
            Append(c);
        return null;
    }

    private CsvRecord? OutsideQuotes(char c)
    {
        if (c == separator)
        {
            EndCell();
            return null;
        }
        switch (c)
        {
            case '\r' or '\n':
                return EndRecord();
            case '"':
                OpenQuote();
                return null;
            default:
                Text(c);
                return null;
        }
    }

    private void OpenQuote()
    {
        if (_state == State.QuoteInQuoted)
            Append('"');
        else if (_state != State.CellStart)
            throw new JournalFormatException(Place, null, $"cell {_cells.Count + 1} has a quote in the wrong place");
        _state = State.Quoted;
    }

    private void Text(char c)
    {
        if (c == ' ' && _state == State.CellStart)
            return;
        if (_state is State.QuoteInQuoted or State.AfterQuoted)
        {
            _state = State.AfterQuoted;
            if (c != ' ')
                throw new JournalFormatException(Place, null, $"cell {_cells.Count + 1} has text after its closing quote");
            return;
        }
        _state = State.Plain;
        Append(c);
    }

    private void Append(char c)
    {
        if (_cell.Length == MaxCellLength)
            throw new JournalFormatException(Place, null, $"cell {_cells.Count + 1} is longer than {MaxCellLength} characters");
        _cell.Append(c);
    }

    private void EndCell()
    {
        _cells.Add(_cell.ToString().Trim());
        _cell.Clear();
        _state = State.CellStart;
    }

    private CsvRecord? EndRecord()
    {
        var isEmptyLine = _cells.Count == 0 && _cell.Length == 0 && _state == State.CellStart;
        CsvRecord? record = null;
        if (!isEmptyLine)
        {
            EndCell();
            record = new CsvRecord(Place, separator, [.. _cells]);
            _cells.Clear();
        }
        _row = _line;
        return record;
    }
}
