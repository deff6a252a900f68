using Daybook.Projections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Daybook.Hosting;

/// <summary>Puts a book into the .NET generic host.</summary>
public static class DaybookHostingExtensions
{
    /// <summary>
    /// Adds a book that is opened when the host starts and closed when it stops. Injects <see cref="IDaybook"/>, <see cref="IEventStore"/>,
    /// the read model of every projection added, and a health check named <c>daybook</c>.
    /// </summary>
    /// <param name="builder">The host's builder.</param>
    /// <param name="configure">Says what the book is made of.</param>
    /// <exception cref="DaybookException">A registration is wrong; the message names it. What needs opening is checked when the host starts.</exception>
    public static IHostApplicationBuilder AddDaybook(this IHostApplicationBuilder builder, Action<DaybookBuilder> configure)
    {
        var book = new DaybookBuilder();
        configure(book);
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new HostedBook(book, provider, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILoggerFactory>()));
        services.AddHostedService(provider => provider.GetRequiredService<HostedBook>());
        services.AddSingleton<IDaybook>(provider => provider.GetRequiredService<HostedBook>());
        services.AddSingleton(provider => provider.GetRequiredService<HostedBook>().Streams);
        services.AddSingleton<IProjections>(provider => new HostedProjections(provider.GetRequiredService<HostedBook>()));
        foreach (var document in book.DocumentTypes)
            ReadModelRegistration.Add(services, document);
        services.AddHealthChecks().AddCheck<DaybookHealthCheck>("daybook");
        return builder;
    }
}
