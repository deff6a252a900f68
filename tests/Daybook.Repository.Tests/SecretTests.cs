using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Daybook.Repository.Tests;

/// <summary>Options are logged and shown in debuggers: their text must not hold what is secret in them.</summary>
public sealed class SecretTests
{
    private const string Secret = "s3cret-horse-battery";
    private static readonly string[] s_names = ["Password", "ConnectionString", "Secret", "Credential", "MasterKey", "Token"];

    public static TheoryData<Type, string> Secrets { get; } = new(
        from type in Assemblies.All.SelectMany(a => a.GetTypes())
        where type is { IsGenericTypeDefinition: false, IsAbstract: false } && type.GetMethod("PrintMembers", BindingFlags.Instance | BindingFlags.NonPublic) is not null
        from property in type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
        where IsSecret(type, property) && ValueOf(property.PropertyType) is not null && property.CanWrite
        select (type, property.Name));

    [Theory]
    [MemberData(nameof(Secrets))]
    public void Text_of_a_record_holds_no_secret(Type type, string property)
    {
        var record = RuntimeHelpers.GetUninitializedObject(type);
        var holder = type.GetProperty(property, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)!;
        holder.SetValue(record, ValueOf(holder.PropertyType));

        var text = record.ToString()!;

        Assert.DoesNotContain(Secret, text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret)), text, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToHexString(Encoding.UTF8.GetBytes(Secret)), text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Records_with_secrets_are_found() =>
        Assert.Superset(new HashSet<string> { "PostgresProjectionOptions", "CreateLedgerOptions", "BookKeeperStoreOptions", "ZooKeeperCredentials" },
            Secrets.Select(s => s.Data.Item1.Name).ToHashSet());

    private static bool IsSecret(Type type, PropertyInfo property) =>
        s_names.Any(n => property.Name.Contains(n, StringComparison.Ordinal) || (property.Name == "Value" && type.Name.Contains(n, StringComparison.Ordinal)));

    private static object? ValueOf(Type type) => type == typeof(string) ? Secret
        : type == typeof(byte[]) ? Encoding.UTF8.GetBytes(Secret)
        : type == typeof(ReadOnlyMemory<byte>) || type == typeof(ReadOnlyMemory<byte>?) ? (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(Secret)
        : null;
}
