using System.Text.Json;

namespace Daybook.Core.Serialization;

/// <summary>Compares values by their stored bytes.</summary>
internal static class StoredForm
{
    /// <summary>Where two stored forms differ; null when they are the same.</summary>
    /// <returns>A member's path where both are JSON, as in <c>lines[2].price</c>.</returns>
    public static string? Difference(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        if (one.SequenceEqual(other))
            return null;
        try
        {
            using JsonDocument first = JsonDocument.Parse(one.ToArray()), second = JsonDocument.Parse(other.ToArray());
            return Difference(first.RootElement, second.RootElement, "");
        }
        catch (JsonException)
        {
            return "(not JSON)";
        }
    }

    private static string? Difference(JsonElement one, JsonElement other, string path)
    {
        if (one.ValueKind != other.ValueKind)
            return Named(path);
        return one.ValueKind switch
        {
            JsonValueKind.Object => Members(one, other, path),
            JsonValueKind.Array => Elements(one, other, path),
            _ => one.GetRawText() == other.GetRawText() ? null : Named(path),
        };
    }

    private static string? Members(JsonElement one, JsonElement other, string path)
    {
        foreach (var member in one.EnumerateObject())
        {
            var at = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
            if (!other.TryGetProperty(member.Name, out var value))
                return at;
            if (Difference(member.Value, value, at) is { } difference)
                return difference;
        }
        foreach (var member in other.EnumerateObject())
        {
            if (!one.TryGetProperty(member.Name, out _))
                return path.Length == 0 ? member.Name : $"{path}.{member.Name}";
        }
        return null;
    }

    private static string? Elements(JsonElement one, JsonElement other, string path)
    {
        if (one.GetArrayLength() != other.GetArrayLength())
            return Named(path);
        for (var i = 0; i < one.GetArrayLength(); i++)
        {
            if (Difference(one[i], other[i], $"{path}[{i}]") is { } difference)
                return difference;
        }
        return null;
    }

    private static string Named(string path) => path.Length == 0 ? "(the whole value)" : path;
}
