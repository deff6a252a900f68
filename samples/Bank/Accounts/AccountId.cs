using System.Text.Json.Serialization;
using Bank.Amounts;
using Daybook;

namespace Bank.Accounts;

/// <summary>The name of an account, such as <c>alice</c> or <c>Assets:US:ETrade</c>.</summary>
/// <param name="Value">1 to 150 characters without control or invisible characters or outer spaces; compared ordinally. Between slashes it
/// is neither <c>.</c> nor <c>..</c>, which HTTP clients remove from paths.</param>
[JsonConverter(typeof(AccountIdConverter))]
public readonly record struct AccountId(string Value)
{
    private const string Category = "account";

    /// <summary>The name.</summary>
    public string Value { get; } = Addressable(TextValue.Validated(Value, "an account name", 150));

    /// <summary>The stream of its events.</summary>
    internal StreamId Stream => StreamId.For(Category, Value);

    /// <summary>The account that a stream belongs to; null for other streams.</summary>
    public static AccountId? Of(StreamId stream) => stream.Value.StartsWith($"{Category}/", StringComparison.Ordinal)
        ? new AccountId(stream.Value[(Category.Length + 1)..])
        : null;

    /// <inheritdoc/>
    public override string ToString() => Value;

    private static string Addressable(string name) => name.Split('/').FirstOrDefault(part => part is "." or "..") is { } dots
        ? throw new FormatException($"an account name must not contain '{dots}' by itself or between slashes; it was '{name}'")
        : name;

    private sealed class AccountIdConverter : TextValueConverter<AccountId>
    {
        protected override AccountId Parse(string text) => new(text);

        protected override string TextOf(AccountId value) => value.Value;
    }
}
