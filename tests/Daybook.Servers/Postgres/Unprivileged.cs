using Daybook.Servers.Debian;
using Daybook.Servers.Processes;

namespace Daybook.Servers.Postgres;

/// <summary>PostgreSQL refuses root; where tests run as root, it runs as <c>nobody</c>.</summary>
internal static class Unprivileged
{
    private const string Id = "65534"; // nobody and nogroup, on every Linux

    private static bool IsRoot => Environment.UserName == "root";

    /// <summary>Gives a folder to the user that the programs run as.</summary>
    internal static async Task GiveAsync(string folder)
    {
        if (IsRoot)
            (await Tool.RunAsync("chown", ["-R", $"{Id}:{Id}", folder])).Succeeded();
    }

    /// <summary>The program and arguments that run a program as that user. It still ends with this process: changing the user forgets that.</summary>
    internal static (string Program, IReadOnlyList<string> Args) Command(string program, IReadOnlyList<string> args)
    {
        if (!IsRoot)
            return (program, args);
        if (DebianTool.Find("setpriv") is null)
            throw new MissingToolException("PostgreSQL refuses to run as root, and there is no setpriv to run it as another user.");
        return ("setpriv", [$"--reuid={Id}", $"--regid={Id}", "--clear-groups", "--pdeathsig", "KILL", "--", program, .. args]);
    }
}
