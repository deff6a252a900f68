using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Daybook.Postgres.Schema;

namespace Daybook.Postgres.Queries;

/// <summary>A value in an SQL condition: the value that is sent, and the cast that restores the given one.</summary>
/// <param name="Value">A value that Npgsql can send and the server can store.</param>
/// <param name="Cast">The cast, written after the parameter.</param>
internal readonly record struct QueryArgument(object? Value, string Cast = "")
{
    /// <exception cref="DaybookException"><see cref="ErrorCode.InvalidArgument"/>: the server cannot store the value.</exception>
    internal static QueryArgument Of(object? value, JsonSerializerOptions json) => value switch
    {
        string text => StorableText.Problem(text) is { } problem ? throw Refused(value, problem) : new(text),
        char character => Of(character.ToString(), json),
        Enum => OfEnum(JsonSerializer.SerializeToElement(value, value.GetType(), json)),
        sbyte or byte => new(Convert.ToInt16(value, CultureInfo.InvariantCulture)),
        ushort => new(Convert.ToInt32(value, CultureInfo.InvariantCulture)),
        uint => new(Convert.ToInt64(value, CultureInfo.InvariantCulture)),
        ulong => new(Convert.ToDecimal(value, CultureInfo.InvariantCulture)),
        Int128 number => new((BigInteger)number),
        UInt128 number => new((BigInteger)number),
        Half number => new((float)number),
        // As text, so that the first and last moments are not sent as infinities, and all are rounded as in documents.
        DateTimeOffset time => new(time.ToString("O", CultureInfo.InvariantCulture), "::text::timestamptz"),
        DateTime { Kind: DateTimeKind.Unspecified } time => new(time.ToString("O", CultureInfo.InvariantCulture), "::text::timestamp"),
        DateTime time => new(time.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture), "::text::timestamptz"),
        DateOnly day => new(day.ToString("O", CultureInfo.InvariantCulture), "::text::date"),
        _ => new(value),
    };

    internal static DaybookException Refused(object? value, string why, Exception? error = null) =>
        new(ErrorCode.InvalidArgument, $"The value '{StorableText.Cleaned(value?.ToString())}' cannot be used in a query: it {why}.", error);

    private static QueryArgument OfEnum(JsonElement written) =>
        written.ValueKind == JsonValueKind.String ? new(written.GetString()) : new(written.GetRawText(), "::text::numeric");
}
