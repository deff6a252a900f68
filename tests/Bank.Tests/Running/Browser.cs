using Microsoft.Playwright;

namespace Bank.Tests.Running;

/// <summary>Debian's Chromium.</summary>
internal static class Browser
{
    private static readonly string[] s_switches =
    [
        "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
    ];

    public static Task<IBrowser> LaunchAsync(IPlaywright playwright)
    {
        Assertions.SetDefaultExpectTimeout(60_000);
        return playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = "/usr/bin/chromium", Args = s_switches, Timeout = 60_000 });
    }
}
