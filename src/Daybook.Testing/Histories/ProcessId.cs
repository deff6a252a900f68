using System.Globalization;

namespace Daybook.Testing.Histories;

/// <summary>
/// One logical client of a history: it has at most one operation open at a time, and none after one with an unknown outcome.
/// </summary>
/// <param name="Value">The number, counted from 0 by a recorder.</param>
public readonly record struct ProcessId(int Value)
{
    /// <inheritdoc />
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
