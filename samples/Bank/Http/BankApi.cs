using Bank.CommandLine;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.Extensions.FileProviders;

namespace Bank.Http;

/// <summary>The HTTP interface of the bank: an API and one page.</summary>
internal static class BankApi
{
    /// <summary>The largest body that is read, in bytes.</summary>
    public const int MaxBodyBytes = 64 * 1024;

    public static void AddBankApi(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = MaxBodyBytes);
        builder.Services.AddProblemDetails();
        builder.Services.Configure<HostFilteringOptions>(hosts => hosts.AllowedHosts = ["*"]); // UseHostNames answers with a problem instead
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        builder.Services.AddExceptionHandler<ProblemHandler>();
        builder.Services.ConfigureHttpJsonOptions(json => ApiJson.Configured(json.SerializerOptions));
    }

    public static void MapBankApi(this WebApplication app, BankArguments arguments)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseHostNames(arguments);
        var page = new PhysicalFileProvider(Path.Combine(AppContext.BaseDirectory, "wwwroot"));
        app.UseDefaultFiles(new DefaultFilesOptions { FileProvider = page });
        app.UseStaticFiles(new StaticFileOptions { FileProvider = page });
        app.MapCommands();
        app.MapAccounts();
        app.MapQueries();
        app.MapHealth();
    }
}
