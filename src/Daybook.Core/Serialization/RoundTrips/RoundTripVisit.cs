using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Daybook.Core.Serialization.RoundTrips;

/// <summary>One walk through all types that values of a type are made of.</summary>
/// <param name="options">How values are stored.</param>
/// <param name="keepsSignOfZero">False when the store makes 0 of a -0.</param>
internal sealed class RoundTripVisit(JsonSerializerOptions options, bool keepsSignOfZero)
{
    private readonly HashSet<(Type Type, bool IsExact)> _seen = [];

    public bool IsIdentity { get; private set; } = KnownOptions.KeepMembers(options);

    public List<string> Losses { get; } = [];

    /// <summary>Notes that a round trip may change a value, so that what is stored counts.</summary>
    public void MayChange() => IsIdentity = false;

    /// <summary>Notes something that JSON loses.</summary>
    public void Lose(string sentence)
    {
        IsIdentity = false;
        if (!Losses.Contains(sentence))
            Losses.Add(sentence);
    }

    /// <summary>Visits the values of a member.</summary>
    /// <param name="type">Their declared type.</param>
    /// <param name="where">The member, for messages.</param>
    /// <param name="isExact">False when a value may be of a derived type.</param>
    public void Value(Type type, string where, bool isExact = false)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            Value(underlying, where, isExact: true);
            return;
        }
        if (!_seen.Add((type, isExact)))
            return;
        if (InfoOf(type, where) is not { } info)
            return;
        if (!isExact)
            Derived(info, where);
        if (info.OnDeserialized is not null || info.OnDeserializing is not null || info.OnSerialized is not null || info.OnSerializing is not null)
            MayChange();
        switch (info.Kind)
        {
            case JsonTypeInfoKind.Object:
                new ObjectVisit(this, info, where).Run();
                break;
            case JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary:
                CollectionVisit.Run(this, info, options, where);
                break;
            default:
                Single(info, where);
                break;
        }
    }

    private JsonTypeInfo? InfoOf(Type type, string where)
    {
        if (type.IsPointer || type.IsByRefLike || type.ContainsGenericParameters)
        {
            Lose($"'{where}' is of type '{type}', which JSON cannot store.");
            return null;
        }
        try
        {
            return options.GetTypeInfo(type);
        }
        catch (Exception e) when (e is NotSupportedException or InvalidOperationException or ArgumentException)
        {
            Lose($"'{where}' is of type '{type}', which JSON cannot store: {ExceptionText.Of(e)}");
            return null;
        }
    }

    /// <summary>A value of a derived type is written as its declared type, unless that type names it.</summary>
    private void Derived(JsonTypeInfo info, string where)
    {
        if (info.PolymorphismOptions is { } polymorphism)
        {
            if (polymorphism.UnknownDerivedTypeHandling != JsonUnknownDerivedTypeHandling.FailSerialization)
            {
                Lose($"'{where}' may be of a type that '{info.Type}' does not name and is then stored without what it adds " +
                    $"({polymorphism.UnknownDerivedTypeHandling}); remove UnknownDerivedTypeHandling, and mark the type with [JsonDerivedType] for each type derived from it.");
            }
            foreach (var derived in polymorphism.DerivedTypes)
                Derived(info.Type, derived, where);
        }
        else if (info is { Kind: JsonTypeInfoKind.Object, Type: { IsSealed: false, IsValueType: false } type })
        {
            MayChange();
            var missed = type.Assembly.GetTypes().Where(t => t != type && !t.IsAbstract && type.IsAssignableFrom(t)).Take(2).ToArray();
            if (type.IsAbstract || type.IsInterface)
                Lose($"'{where}' is of the abstract type '{type}', which JSON cannot read back; mark that type with [JsonDerivedType] for each type derived from it.");
            else if (missed.Length > 0)
                Lose($"'{where}' is of type '{type}', and JSON loses what a derived type such as '{missed[0].Name}' adds; mark '{type.Name}' with [JsonDerivedType] for each.");
        }
    }

    private void Derived(Type type, JsonDerivedType derived, string where)
    {
        if (derived.TypeDiscriminator is null && derived.DerivedType != type)
            Lose($"'{where}' may be a '{derived.DerivedType}', which the [JsonDerivedType] of '{type}' gives no discriminator, so it is not read back as one.");
        Value(derived.DerivedType, where, isExact: true);
    }

    private void Single(JsonTypeInfo info, string where)
    {
        var converter = info.Converter.GetType();
        if (converter.Assembly != typeof(JsonSerializer).Assembly)
            MayChange(); // what a converter of the application does is known to the application alone
        else if (converter.Name.StartsWith("UnsupportedTypeConverter", StringComparison.Ordinal))
            Lose($"'{where}' is of type '{info.Type}', which JSON cannot store.");
        else if (!KnownTypes.IsIdentity(info.Type) || (!keepsSignOfZero && KnownTypes.HasSignedZero(info.Type)))
            MayChange();
    }
}
