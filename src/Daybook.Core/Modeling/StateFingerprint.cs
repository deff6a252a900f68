using System.Collections.Concurrent;
using System.Reflection;
using System.Text;

namespace Daybook.Core.Modeling;

/// <summary>
/// A number that changes when the shape of a state type changes, so that a snapshot of another shape is passed over and the events are
/// folded instead. It sees properties, not method bodies: a fold that changes its meaning needs a renamed property or state type.
/// </summary>
internal static class StateFingerprint
{
    private static readonly ConcurrentDictionary<Type, long> s_known = new();

    public static long Of(Type state) => s_known.GetOrAdd(state, Compute);

    private static long Compute(Type state)
    {
        var text = new StringBuilder();
        Describe(state, text, []);
        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        return ((long)Crc32C.Compute(bytes) << 32) | Crc32C.Append(0x9E3779B9, bytes);
    }

    private static void Describe(Type type, StringBuilder text, HashSet<Type> seen)
    {
        text.Append(type.FullName).Append('{');
        if (seen.Add(type) && type.Namespace?.StartsWith("System", StringComparison.Ordinal) != true)
        {
            foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).OrderBy(p => p.Name, StringComparer.Ordinal))
            {
                text.Append(property.Name).Append(':');
                Describe(property.PropertyType, text, seen);
            }
        }
        text.Append('}');
    }
}
