using Bank.Amounts;

namespace Bank.Tests.Domain;

public sealed class ExactDecimalTests
{
    [Theory]
    [InlineData("0")]
    [InlineData("-17000")]
    [InlineData("3229.90")]
    [InlineData("0.0000000000000000000000000001")]
    [InlineData("79228162514264337593543950335")]
    public void A_number_keeps_every_digit(string text)
    {
        Assert.True(ExactDecimal.TryParse(text, out var value, out _));
        Assert.Equal(text, ExactDecimal.Text(value));
    }

    [Theory]
    [InlineData("")]
    [InlineData("ten")]
    [InlineData("e3")]
    [InlineData("1,000")]
    [InlineData("1.2.3")]
    [InlineData("NaN")]
    public void What_is_not_a_number_is_refused(string text)
    {
        Assert.False(ExactDecimal.TryParse(text, out _, out var problem));
        Assert.Equal($"'{text}' is not a number", problem);
    }

    [Theory]
    [InlineData("1e3", "has an exponent")]
    [InlineData("-1.5E-28", "has an exponent")]
    [InlineData("0.00000000000000000000000000001", "more digits")]
    [InlineData("1.00000000000000000000000000000001", "more digits")]
    [InlineData("79228162514264337593543950335.1", "more digits")]
    [InlineData("79228162514264337593543950336", "too large")]
    public void What_a_decimal_would_round_is_refused(string text, string expected)
    {
        Assert.False(ExactDecimal.TryParse(text, out _, out var problem));
        Assert.Contains(expected, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sum_that_would_be_rounded_is_an_overflow()
    {
        Assert.Throws<OverflowException>(() => ExactDecimal.Add(decimal.MaxValue, 0.1m));
        Assert.Throws<OverflowException>(() => ExactDecimal.Add(decimal.MaxValue, 1m));
        Assert.Equal(0.30m, ExactDecimal.Add(0.1m, 0.20m));
    }
}
