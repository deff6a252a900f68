namespace Bank.Amounts;

/// <summary>An exact amount of one currency.</summary>
public readonly record struct Money(decimal Amount, Currency Currency)
{
    /// <inheritdoc/>
    public override string ToString() => $"{ExactDecimal.Text(Amount)} {Currency}";
}
