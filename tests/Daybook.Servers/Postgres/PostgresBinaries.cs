using Daybook.Servers.Debian;

namespace Daybook.Servers.Postgres;

/// <summary>The server programs of PostgreSQL, which Debian keeps off PATH.</summary>
internal static class PostgresBinaries
{
    private const string Package = "postgresql-15";
    private const string PackageFolder = "/usr/lib/postgresql/15/bin";

    /// <summary>The full path of a program, from PATH or the package's folder; installs the package if there is neither.</summary>
    internal static async Task<string> RequireAsync(string program)
    {
        if (DebianTool.Find(program) is { } known)
            return known;
        var packaged = Path.Combine(PackageFolder, program);
        await DebianTool.RequireAsync(packaged, Package);
        return packaged;
    }
}
