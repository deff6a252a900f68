using System.Globalization;
using Daybook.Postgres.Schema;

namespace Daybook.Postgres.CommandLine;

/// <summary>The words after <c>projections</c>, consumed one by one; words left at the end are unknown.</summary>
internal sealed class CommandArguments
{
    private readonly List<string> _words;

    internal CommandArguments(IEnumerable<string> words)
    {
        _words = [.. words];
        foreach (var word in _words)
        {
            if (word is null || StorableText.Problem(word) is not null)
                throw Bad($"the word '{StorableText.Cleaned(word)}' is not a text that PostgreSQL can store");
        }
    }

    /// <summary>The next word that is not an option, or null.</summary>
    internal string? Operand()
    {
        var at = _words.FindIndex(w => !w.StartsWith('-'));
        return at < 0 ? null : Take(at);
    }

    internal string Operand(string what) => Operand() ?? throw Bad($"{what} is missing");

    internal bool Flag(string name) => _words.Remove(name);

    internal int? Number(string name) => Value(name) is { } text ? Whole(text, name) : null;

    internal string? Value(string name)
    {
        var at = _words.FindIndex(w => w == name || w.StartsWith(name + "=", StringComparison.Ordinal));
        if (at < 0)
            return null;
        var word = Take(at);
        if (word != name)
            return word[(name.Length + 1)..];
        return at < _words.Count ? Take(at) : throw Bad($"{name} needs a value");
    }

    /// <exception cref="DaybookException">Words are left.</exception>
    internal void End()
    {
        if (_words.Count > 0)
            throw Bad($"the word '{_words[0]}' is unknown");
    }

    internal static int Whole(string text, string what) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Bad($"{what} must be a whole number from 0, not '{text}'");

    /// <summary>A position in the form used by errors and the status: <c>2@57</c>.</summary>
    internal static Position PositionOf(string text) =>
        text.Split('@') is [var partition, var offset] && int.TryParse(partition, NumberStyles.None, CultureInfo.InvariantCulture, out var p)
        && long.TryParse(offset, NumberStyles.None, CultureInfo.InvariantCulture, out var o)
            ? new Position(new PartitionId(p), new JournalOffset(o))
            : throw Bad($"'{text}' is not a position; write partition and offset as in 2@57, as the status shows them");

    internal static DaybookException Bad(string what) => new(ErrorCode.InvalidArgument, $"{char.ToUpperInvariant(what[0])}{what[1..]}.");

    private string Take(int at)
    {
        var word = _words[at];
        _words.RemoveAt(at);
        return word;
    }
}
