namespace Bank.Amounts;

/// <summary>
/// The limits of an amount's scale and size. A decimal has 28 digits: an amount that used all of them, on either side of the point, would
/// leave its account no room for others.
/// </summary>
public static class AmountLimits
{
    /// <summary>The most decimals of an amount in a journal entry, and of one in a commodity, such as the shares of a fund.</summary>
    public const int MaxDecimals = 12;

    /// <summary>The greatest magnitude of an amount.</summary>
    public const decimal Greatest = 999_999_999_999_999.999999999999m;

    /// <summary>Returns the fault of a payment, which must be in minor units of its currency; null when it is valid.</summary>
    public static string? ProblemOfPayment(Money money) =>
        Problem(money, MinorUnits.Of(money.Currency) ?? MaxDecimals);

    /// <summary>Returns the fault of a posting, which may contain fractions of a minor unit; null when it is valid.</summary>
    public static string? ProblemOfPosting(Money money) => Problem(money, MaxDecimals);

    private static string? Problem(Money money, int decimals)
    {
        if (ExactDecimal.Decimals(money.Amount) > decimals)
            return $"an amount of {money.Currency} has at most {decimals} decimals; it was {ExactDecimal.Text(money.Amount)}";
        return Math.Abs(money.Amount) > Greatest
            ? $"an amount is at most {ExactDecimal.Text(Greatest)}; it was {ExactDecimal.Text(money.Amount)}"
            : null;
    }
}
