using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json.Serialization;
using Daybook.Core.Serialization.RoundTrips;

namespace Daybook.Core.Hashing;

/// <summary>The members of a type that are its content, as compiled hashes.</summary>
internal static class ContentMembers
{
    private const BindingFlags AllInstance = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly;
    private static readonly MethodInfo s_member = typeof(ContentMembers).GetMethod(nameof(Member), BindingFlags.NonPublic | BindingFlags.Static)!;

    public static Func<T, int, ulong>[] Of<T>()
    {
        var type = typeof(T);
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(IsContent);
        var fields = type.GetFields(BindingFlags.Public | BindingFlags.Instance);
        return
        [
            .. properties.Cast<MemberInfo>().Concat(fields).Where(member => member.GetCustomAttribute<JsonIgnoreAttribute>() is null)
                .Select(member => (Func<T, int, ulong>)s_member.MakeGenericMethod(type, TypeOf(member)).Invoke(null, [member])!),
        ];
    }

    /// <summary>Holds a value of its own, instead of computing one.</summary>
    private static bool IsContent(PropertyInfo property) =>
        property.GetMethod is { IsPublic: true } && property.GetIndexParameters().Length == 0
        && !property.PropertyType.IsByRef && !property.PropertyType.IsByRefLike
        && (property.SetMethod is not null || property.DeclaringType!.GetField($"<{property.Name}>k__BackingField", AllInstance) is not null
            || PlainGetter.FieldOf(property) is not null);

    private static Type TypeOf(MemberInfo member) => member is PropertyInfo property ? property.PropertyType : ((FieldInfo)member).FieldType;

    private static Func<T, int, ulong> Member<T, TValue>(MemberInfo member)
    {
        var owner = Expression.Parameter(typeof(T));
        var get = Expression.Lambda<Func<T, TValue>>(Expression.MakeMemberAccess(owner, member), owner).Compile();
        var name = HashMix.Text(member.Name);
        return (value, depth) => ContentHash.Hasher<TValue>.Hash(get(value), depth) is var hash and not 0 ? HashMix.Mix(HashMix.Chain(name, hash)) : 0;
    }
}
