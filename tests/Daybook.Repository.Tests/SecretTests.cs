using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Daybook.Repository.Tests;

/// <summary>Options are logged and shown in debuggers: their text must not hold what is secret in them.</summary>
public sealed class SecretTests
{
    private const BindingFlags AnyOfInstance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
    private const string Secret = "s3cret-horse-battery";
    private static readonly string[] s_names = ["Password", "ConnectionString", "Secret", "Credential", "MasterKey", "Token"];

    public static TheoryData<Type, string> Secrets
    {
        get
        {
            var secrets = new TheoryData<Type, string>();
            foreach (var type in Assemblies.All.SelectMany(a => a.GetTypes()).Where(IsRecord))
            {
                foreach (var property in type.GetProperties(AnyOfInstance).Where(p => p.CanWrite && IsSecret(type, p) && ValueOf(p.PropertyType) is not null))
                    secrets.Add(type, property.Name);
            }
            return secrets;
        }
    }

    [Theory]
    [MemberData(nameof(Secrets))]
    public void Text_of_a_record_holds_no_secret(Type type, string property)
    {
        var record = RuntimeHelpers.GetUninitializedObject(type);
        var holder = type.GetProperty(property, AnyOfInstance)!;
        holder.SetValue(record, ValueOf(holder.PropertyType));

        var text = record.ToString()!;

        Assert.DoesNotContain(Secret, text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret)), text, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToHexString(Encoding.UTF8.GetBytes(Secret)), text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Records_with_secrets_are_found() =>
        Assert.Superset(new HashSet<string> { "PostgresProjectionOptions", "CreateLedgerOptions", "BookKeeperStoreOptions", "ZooKeeperCredentials" },
            Secrets.Select(s => ((Type)s[0]).Name).ToHashSet());

    private static bool IsRecord(Type type) =>
        type is { IsGenericTypeDefinition: false, IsAbstract: false } && type.GetMethod("PrintMembers", AnyOfInstance) is not null;

    private static bool IsSecret(Type type, PropertyInfo property) =>
        s_names.Any(n => property.Name.Contains(n, StringComparison.Ordinal) || (property.Name == "Value" && type.Name.Contains(n, StringComparison.Ordinal)));

    private static object? ValueOf(Type type) => type == typeof(string) ? Secret
        : type == typeof(byte[]) ? Encoding.UTF8.GetBytes(Secret)
        : type == typeof(ReadOnlyMemory<byte>) || type == typeof(ReadOnlyMemory<byte>?) ? (object)(ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(Secret)
        : null;
}
