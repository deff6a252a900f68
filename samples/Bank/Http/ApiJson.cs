using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bank.Http;

/// <summary>How the API writes and reads JSON: strictly, so that a misspelt field is an error and no digit of an amount gets lost.</summary>
public static class ApiJson
{
    /// <summary>The settings.</summary>
    public static JsonSerializerOptions Options { get; } = Configured(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    /// <summary>Applies the settings.</summary>
    public static JsonSerializerOptions Configured(JsonSerializerOptions options)
    {
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.RespectRequiredConstructorParameters = true;
        options.RespectNullableAnnotations = true;
        options.AllowDuplicateProperties = false;
        options.Converters.Add(new AmountConverter());
        return options;
    }
}
