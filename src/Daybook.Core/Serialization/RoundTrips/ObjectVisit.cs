using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Daybook.Core.Serialization.RoundTrips;

/// <summary>Visits a type that is stored as an object: every field must come back with one of its members.</summary>
internal sealed class ObjectVisit(RoundTripVisit visit, JsonTypeInfo info, string where)
{
    private readonly StoredMembers _members = new(info);
    private readonly ConstructorInfo? _constructor = info.CreateObject is null ? info.ConstructorAttributeProvider as ConstructorInfo : null;

    public void Run()
    {
        var type = info.Type;
        if (!type.IsAbstract && !type.IsInterface)
            Construction();
        if (_constructor is not null && !ConstructorProof.IsPlain(_constructor))
            visit.MayChange();
        foreach (var field in StoredMembers.Fields(type))
            Field(field);
        foreach (var property in _members.Restored)
            Member(property);
    }

    private void Construction()
    {
        if (info.CreateObject is not null)
            return;
        if (_constructor is null)
        {
            visit.Lose($"'{where}' is of type '{info.Type}', which has no constructor that JSON can call; give it a public one, or mark one with [JsonConstructor].");
            return;
        }
        foreach (var parameter in _constructor.GetParameters())
        {
            if (!info.Properties.Any(p => p.AssociatedParameter?.Position == parameter.Position))
                visit.Lose($"The parameter '{parameter.Name}' of the constructor of '{info.Type}' has the name of no property, so JSON cannot read a value back; rename it.");
        }
    }

    private void Field(FieldInfo field)
    {
        if (_members.Of(field) is { } member && !StoredMembers.IsHidden(field, member))
        {
            if (!IsPlain(field, member))
                visit.MayChange();
        }
        else if (StoredMembers.IsLeftOutOnPurpose(field))
        {
            visit.MayChange();
        }
        else
        {
            visit.Lose($"JSON does not bring back '{field.DeclaringType}.{StoredMembers.NameOf(field)}': {Cure(field)}.");
        }
    }

    /// <summary>Whether the field can be changed neither by its owner nor by a round trip.</summary>
    private bool IsPlain(FieldInfo field, JsonPropertyInfo member)
    {
        if (!field.IsInitOnly && !info.Type.IsValueType)
            return false;
        if (StoredMembers.PropertyOf(field) is not { } property || !property.Equals(member.AttributeProvider) || !StoredMembers.IsPlain(property))
            return false;
        return member.AssociatedParameter is not { } parameter || ConstructorProof.Stores(_constructor, parameter.Position, field);
    }

    private void Member(JsonPropertyInfo member)
    {
        var name = $"{info.Type}.{(member.AttributeProvider as MemberInfo)?.Name ?? member.Name}";
        if (member.ShouldSerialize is not null || member.IsExtensionData || member.NumberHandling is not null)
            visit.MayChange();
        if (member.CustomConverter is { } converter)
        {
            if (converter.GetType().Assembly != typeof(JsonSerializer).Assembly || !member.PropertyType.IsEnum)
                visit.MayChange();
            return;
        }
        visit.Value(member.PropertyType, name);
    }

    private string Cure(FieldInfo field)
    {
        if (info.Type.IsGenericType && info.Type.FullName!.StartsWith("System.ValueTuple`", StringComparison.Ordinal))
            return $"'{where}' is a tuple, and its items are fields; use a record";
        if (_members.Of(field) is not null && StoredMembers.PropertyOf(field) is not null)
            return $"a property of '{info.Type}' hides it; rename one of them";
        if (StoredMembers.PropertyOf(field) is { } property)
            return property.SetMethod is { IsPublic: false }
                ? "its setter is not public; make it init, mark it with [JsonInclude], or let a constructor with a parameter of its name set it"
                : "it is set by no public setter and no constructor parameter of its name; add one, or mark it with [JsonIgnore] if it may be forgotten";
        return field.IsPublic
            ? "it is a field; make it a property, or mark it with [JsonInclude]"
            : "it is a private field; make it a property, or mark it with [JsonIgnore] if it is derived from others or may be forgotten";
    }
}
