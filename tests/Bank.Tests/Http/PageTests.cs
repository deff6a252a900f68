using Daybook.Servers.Debian;
using Bank.Tests.Running;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Bank.Tests.Http;

/// <summary>The page in a real browser.</summary>
public sealed class PageTests
{
    [SkippableFact(typeof(MissingToolException))]
    public async Task A_transfer_made_on_the_page_changes_balances_entries_and_throughput()
    {
        await using var bank = await BankWithAccountsAsync();
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Browser.LaunchAsync(playwright);
        var page = await browser.NewPageAsync();
        await page.GotoAsync(bank.Address.ToString());
        await Expect(page.Locator("#live")).ToHaveTextAsync("live");
        await Expect(Amount(page, "alice")).ToHaveTextAsync("1\u202f000.50");

        await TransferAsync(page, "400.25");

        await Expect(page.Locator("#answer")).ToHaveTextAsync("Done.");
        await Expect(Amount(page, "alice")).ToHaveTextAsync("600.25");
        await Expect(Amount(page, "bob")).ToHaveTextAsync("400.25");
        await Expect(page.Locator("#entries li").First).ToContainTextAsync("Transfer");
        await Expect(page.Locator("#entries li").First).ToContainTextAsync("\u2212400.25 EUR");
        await Expect(page.Locator("#movements")).ToHaveTextAsync("2");
        await Expect(page.Locator("#total")).ToHaveTextAsync("4 since the start");
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task A_refusal_is_shown_with_its_reason_and_nothing_moves()
    {
        await using var bank = await BankWithAccountsAsync();
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Browser.LaunchAsync(playwright);
        var page = await browser.NewPageAsync();
        await page.GotoAsync(bank.Address.ToString());

        await TransferAsync(page, "4000");

        await Expect(page.Locator("#answer.bad")).ToHaveTextAsync("Account 'alice' holds 1000.50 EUR, less than 4000 EUR.");
        await Expect(Amount(page, "alice")).ToHaveTextAsync("1\u202f000.50");
    }

    private static ILocator Amount(IPage page, string account) => page.Locator($"tr[data-key='{account}/EUR'] .amount");

    private static async Task TransferAsync(IPage page, string amount)
    {
        await page.FillAsync("#transfer [name=from]", "alice");
        await page.FillAsync("#transfer [name=to]", "bob");
        await page.FillAsync("#transfer [name=amount]", amount);
        await page.FillAsync("#transfer [name=currency]", "EUR");
        await page.ClickAsync("#transfer button");
    }

    private static async Task<RunningBank> BankWithAccountsAsync()
    {
        await DebianTool.RequireAsync("chromium", "chromium");
        var bank = await RunningBank.StartAsync();
        await bank.PostAsync("/accounts", """{"account":"alice","currencies":["EUR"]}""");
        await bank.PostAsync("/accounts", """{"account":"bob","currencies":["EUR"]}""");
        await bank.PostAsync("/deposits", """{"account":"alice","currency":"EUR","amount":"1000.50"}""");
        return bank;
    }
}
