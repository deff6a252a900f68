using Bank.Tests.Running;
using Daybook.Servers.Debian;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Bank.Tests.Http;

/// <summary>How the page looks on narrow and wide screens, measured in a real browser.</summary>
public sealed class LayoutTests
{
    // All that reaches beyond its card, or beyond the page.
    private const string SticksOut = """
        () => [...document.querySelectorAll('.card *, header *')].filter(node => {
          const card = (node.closest('.scroll') ?? node.closest('.card, header')).getBoundingClientRect(), box = node.getBoundingClientRect();
          return box.width > 0 && !node.closest('svg') && (box.right > card.right + 1 || box.left < card.left - 1);
        }).map(node => node.outerHTML.slice(0, 120)).concat(document.documentElement.scrollWidth > innerWidth ? ['the page scrolls sideways'] : [])
        """;

    // Words of account names that stand on more than one line.
    private const string BrokenWords = """
        () => [...document.querySelectorAll('.name')].flatMap(name => {
          const texts = document.createTreeWalker(name, NodeFilter.SHOW_TEXT), broken = [];
          while (texts.nextNode())
            for (const word of texts.currentNode.data.matchAll(/[^:\s_\/-]+/g)) {
              const range = document.createRange();
              range.setStart(texts.currentNode, word.index);
              range.setEnd(texts.currentNode, word.index + word[0].length);
              if (range.getClientRects().length > 1) broken.push(word[0]);
            }
          return broken;
        })
        """;

    [SkippableTheory(typeof(MissingToolException))]
    [InlineData(320)]
    [InlineData(400)]
    [InlineData(768)]
    [InlineData(1280)]
    public async Task Nothing_sticks_out_of_its_card_and_no_name_breaks_inside_a_word(int width)
    {
        await using var bank = await BankWithPayrollAsync();
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Browser.LaunchAsync(playwright);
        var page = await PageAsync(browser, bank, width);
        await Expect(page.Locator("#entries .posting")).ToHaveCountAsync(7);

        Assert.Empty(await page.EvaluateAsync<string[]>(SticksOut));
        Assert.Empty(await page.EvaluateAsync<string[]>(BrokenWords));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task A_name_without_a_place_to_break_stays_in_its_card()
    {
        await using var bank = await BankWithPayrollAsync();
        await bank.PostAsync("/accounts", $$"""{"account":"{{new string('x', 150)}}","currencies":["EUR"]}""");
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Browser.LaunchAsync(playwright);
        var page = await PageAsync(browser, bank, 400);
        await Expect(page.Locator(".name.long")).ToHaveCountAsync(1);

        Assert.Empty(await page.EvaluateAsync<string[]>(SticksOut));
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task An_account_of_several_currencies_shows_its_name_in_each_row()
    {
        await using var bank = await BankWithPayrollAsync();
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Browser.LaunchAsync(playwright);
        var page = await PageAsync(browser, bank, 1280);
        var names = page.Locator("#balances tr[data-key^='Assets:US:Hooli:Vacation/'] .name");

        await Expect(names).ToHaveCountAsync(2);
        await Expect(names.First).ToBeVisibleAsync();
        await Expect(names.Last).ToBeVisibleAsync();
    }

    [SkippableFact(typeof(MissingToolException))]
    public async Task A_bank_that_does_not_answer_is_not_called_up_to_date()
    {
        var bank = await BankWithPayrollAsync();
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Browser.LaunchAsync(playwright);
        var page = await PageAsync(browser, bank, 1280);
        await Expect(page.Locator("#lag")).ToHaveTextAsync("up to date");

        await bank.DisposeAsync();

        await Expect(page.Locator("#live")).ToHaveTextAsync("no answer");
        await Expect(page.Locator("#lag")).ToHaveTextAsync("unknown");
        await Expect(page.Locator("#rate")).ToHaveTextAsync("\u2013");
    }

    private static async Task<RunningBank> BankWithPayrollAsync()
    {
        await DebianTool.RequireAsync("chromium", "chromium");
        var bank = await RunningBank.StartAsync();
        await bank.PostAsync("/accounts", """{"account":"Assets:US:Hooli:Vacation","currencies":["VACHR","USD"]}""");
        await bank.PostAsync("/entries", """
            {"date":"2024-12-26","description":"Hooli | Payroll for the second half of the month","legs":[
              {"account":"Assets:US:BofA:Checking","amount":"2832.14","currency":"USD"},
              {"account":"Income:US:Hooli:Salary","amount":"-123456789012345.678901234567","currency":"USD"},
              {"account":"Expenses:Health:Life:GroupTermLife","amount":"123456789009513.538901234567","currency":"USD"},
              {"account":"Assets:US:Hooli:Vacation","amount":"5","currency":"VACHR"},
              {"account":"Income:US:Hooli:Vacation","amount":"-5","currency":"VACHR"},
              {"account":"Equity:Opening-Balances","amount":"0.00","currency":"IRAUSD"},
              {"account":"Assets:US:Federal:PreTax401k","amount":"0.00","currency":"IRAUSD"}]}
            """);
        return bank;
    }

    private static async Task<IPage> PageAsync(IBrowser browser, RunningBank bank, int width)
    {
        var page = await browser.NewPageAsync(new BrowserNewPageOptions { ViewportSize = new ViewportSize { Width = width, Height = 900 } });
        page.SetDefaultTimeout(60_000);
        await page.GotoAsync(bank.Address.ToString());
        await Expect(page.Locator("#live")).ToHaveTextAsync("live", new() { Timeout = 60_000 });
        return page;
    }
}
