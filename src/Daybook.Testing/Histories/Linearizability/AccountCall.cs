namespace Daybook.Testing.Histories.Linearizability;

/// <summary>A call to an account that may not be overdrawn: a positive amount deposits, a negative one withdraws, zero reads.</summary>
/// <param name="Account">Which account.</param>
/// <param name="Amount">What to add to the balance.</param>
public readonly record struct AccountCall(string Account, decimal Amount)
{
    /// <inheritdoc />
    public override string ToString() => Amount == 0 ? $"balance of {Account}" : $"{Account} {Amount:+0.##;-0.##}";
}

/// <summary>An account's answer.</summary>
/// <param name="Accepted">False for a withdrawal of more than there is.</param>
/// <param name="Balance">The balance after the call; the balance as it stays if the call was not accepted.</param>
public readonly record struct AccountReturn(bool Accepted, decimal Balance)
{
    /// <inheritdoc />
    public override string ToString() => Accepted ? $"{Balance}" : $"rejected at {Balance}";
}
