using System.Reflection;

namespace Daybook.Repository.Tests;

/// <summary>The shipped assemblies, as built with these tests.</summary>
internal static class Assemblies
{
    internal static IReadOnlyList<Assembly> All { get; } =
    [
        .. Directory.EnumerateFiles(AppContext.BaseDirectory, "Daybook.*.dll")
            .Select(f => Path.GetFileNameWithoutExtension(f))
            .Where(n => !n.EndsWith(".Tests", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(Assembly.Load),
    ];
}
