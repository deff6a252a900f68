using System.Text;

namespace Daybook.BookKeeper.Metadata;

/// <summary>Reads protobuf's text format: <c>name: value</c>, <c>name { … }</c>, strings with escapes, comments, optional separators.</summary>
internal ref struct TextMessageParser(ReadOnlySpan<byte> text)
{
    private const int MaxDepth = 16;
    private readonly ReadOnlySpan<byte> _text = text;
    private int _at;

    public TextMessage Parse()
    {
        var message = Fields(0, 0);
        return _at == _text.Length ? message : throw Broken("nothing");
    }

    private TextMessage Fields(byte end, int depth)
    {
        if (depth > MaxDepth)
            throw new FormatException("messages are nested too deeply");
        var fields = new List<TextField>();
        for (Blanks(); _at < _text.Length && _text[_at] != end; Separators())
            fields.Add(Field(depth));
        return new TextMessage(fields);
    }

    private TextField Field(int depth)
    {
        var name = Word();
        Blanks();
        var colon = Take((byte)':');
        Blanks();
        if (Take((byte)'{'))
            return new TextField(name, null, null, Nested((byte)'}', depth));
        if (Take((byte)'<'))
            return new TextField(name, null, null, Nested((byte)'>', depth));
        if (!colon)
            throw Broken("a colon or a brace");
        return _at < _text.Length && _text[_at] is (byte)'"' or (byte)'\''
            ? new TextField(name, null, Strings(), null)
            : new TextField(name, Word(), null, null);
    }

    private TextMessage Nested(byte end, int depth)
    {
        var message = Fields(end, depth + 1);
        return Take(end) ? message : throw Broken("the end of a message");
    }

    private string Word()
    {
        var start = _at;
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit((char)_text[_at]) || _text[_at] is (byte)'_' or (byte)'-' or (byte)'.' or (byte)'+'))
            _at++;
        return _at > start ? Encoding.ASCII.GetString(_text[start.._at]) : throw Broken("a word");
    }

    /// <summary>Strings that follow each other are one.</summary>
    private byte[] Strings()
    {
        var bytes = new List<byte>();
        for (; _at < _text.Length && _text[_at] is (byte)'"' or (byte)'\''; Blanks())
        {
            var quote = _text[_at++];
            while (Current() != quote)
                bytes.Add(Current() == '\\' ? Escape() : _text[_at++]);
            _at++;
        }
        return [.. bytes];
    }

    private byte Escape()
    {
        _at++;
        var kind = Current();
        _at++;
        switch (kind)
        {
            case (byte)'n': return (byte)'\n';
            case (byte)'r': return (byte)'\r';
            case (byte)'t': return (byte)'\t';
            case (byte)'a': return 7;
            case (byte)'b': return 8;
            case (byte)'f': return 12;
            case (byte)'v': return 11;
            case (byte)'x': return Digits(16, 2);
            case (byte)'\\' or (byte)'"' or (byte)'\'' or (byte)'?': return kind;
            case >= (byte)'0' and <= (byte)'7':
                _at--;
                return Digits(8, 3);
            default: throw Broken("an escape");
        }
    }

    private byte Digits(int radix, int most)
    {
        var (value, count) = (0, 0);
        for (; count < most && _at < _text.Length && char.IsAsciiHexDigit((char)_text[_at]); count++, _at++)
        {
            var digit = Convert.ToInt32(((char)_text[_at]).ToString(), 16);
            if (digit >= radix)
                break;
            value = value * radix + digit;
        }
        return count > 0 && value < 256 ? (byte)value : throw Broken("an escape");
    }

    private readonly byte Current() => _at < _text.Length ? _text[_at] : throw Broken("more");

    private bool Take(byte expected)
    {
        var found = _at < _text.Length && _text[_at] == expected;
        _at += found ? 1 : 0;
        return found;
    }

    private void Separators()
    {
        Blanks();
        if (Take((byte)',') || Take((byte)';'))
            Blanks();
    }

    private void Blanks()
    {
        while (_at < _text.Length && _text[_at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)'#')
        {
            if (_text[_at] == '#')
                _at += _text[_at..].IndexOf((byte)'\n') is >= 0 and var length ? length : _text.Length - _at;
            else
                _at++;
        }
    }

    private readonly FormatException Broken(string expected) => new($"{expected} is expected at byte {_at} of the text");
}
