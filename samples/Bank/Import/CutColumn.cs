using Bank.Amounts;

namespace Bank.Import;

/// <summary>
/// Detects digits that bean-query cut off: amounts that use all decimals of their column although their currency allows more.
/// </summary>
internal sealed class CutColumn
{
    private readonly Dictionary<int, (int Count, CsvPlace Place, Money First)> _byDecimals = [];
    private int _widest;

    /// <summary>An amount that bean-query wrote as a number.</summary>
    public void Add(CsvPlace place, Money money)
    {
        int decimals = money.Amount.Scale;
        _widest = Math.Max(_widest, decimals);
        if (MinorUnits.Of(money.Currency) is { } minor && (decimals == minor || decimals == 0))
            return;
        var (count, first, example) = _byDecimals.GetValueOrDefault(decimals, (0, place, money));
        _byDecimals[decimals] = (count + 1, first, example);
    }

    /// <summary>One sentence, when the column looks cut.</summary>
    public IEnumerable<string> Notes()
    {
        if (!_byDecimals.TryGetValue(_widest, out var cut))
            yield break;
        yield return $"{cut.Place.File}: the column 'number' looks cut. It has no amount of more than {_widest} decimals, and {cut.Count:N0} such as "
            + $"'{cut.First}' in row {cut.Place.Row} may have had more. Export with 'str(number) as number' to import every digit.";
    }
}
